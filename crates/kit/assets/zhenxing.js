// @ts-check
/**
 * What script adds to pages that work without it: saving while typing, one submission per click,
 * a warning before leaving, and a few keys. The server decides everything; this only asks sooner.
 */

const PAUSE_MS = 2000;
const FIRST_RETRY_MS = 5000;
const LAST_RETRY_MS = 60000;
const UNLOCK_MS = 10000;

/** @typedef {{ field: string, says: string }} Problem */
/** @typedef {{ saved_at?: string, version?: number, problems?: Problem[], conflict_url?: string, says?: string }} Answer */

/** Forms whose answers are not yet with the server. @type {Set<HTMLFormElement>} */
const unsaved = new Set();
/** Forms on their way: leaving the page is what was asked for. */
let leaving = false;

/**
 * @template {Element} T
 * @param {string} selector
 * @param {(found: T) => void} use
 */
function each(selector, use) {
  for (const found of document.querySelectorAll(selector)) use(/** @type {T} */ (found));
}

/** Reads a sentence out, politely. @param {string} words */
function say(words) {
  const region = document.querySelector("[data-live]");
  if (region) region.textContent = words;
}

/* ---- saving while typing ---- */

/** One form that saves itself. */
class Autosave {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosave ?? "";
    this.line = form.querySelector("[data-saving]") ?? document.querySelector("[data-saving]");
    /** Fields the person has been in: only they are told what is wrong. @type {Set<string>} */
    this.touched = new Set();
    this.timer = 0;
    this.retry_ms = FIRST_RETRY_MS;
    this.busy = false;
    /** The save that is on its way, or the last one. */
    this.sending = Promise.resolve();
    this.stopped = false;
    this.state = "";
  }

  listen() {
    this.form.addEventListener("input", (event) => this.changed(event));
    this.form.addEventListener("change", (event) => this.changed(event));
    this.form.addEventListener("focusout", () => this.saveNow());
    this.form.addEventListener("submit", (event) => this.rest(event));
    window.addEventListener("online", () => this.saveNow());
    window.addEventListener("pagehide", () => this.saveNow());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.saveNow();
    });
  }

  /** @param {Event} event */
  changed(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.type === "file" || !input.name) return;
    this.touched.add(input.name);
    unsaved.add(this.form);
    this.wait(PAUSE_MS);
  }

  /** @param {number} pause_ms */
  wait(pause_ms) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.saveNow(), pause_ms);
  }

  /**
   * The form itself is being sent: nothing is left to save. A save under way is waited for, or the form
   * would come with the version before it.
   * @param {SubmitEvent} event
   */
  rest(event) {
    window.clearTimeout(this.timer);
    unsaved.delete(this.form);
    if (!this.busy) return;
    event.preventDefault();
    const submitter = /** @type {HTMLElement | null} */ (event.submitter);
    this.sending.then(() => this.form.requestSubmit(submitter));
  }

  saveNow() {
    if (!unsaved.has(this.form) || this.busy || this.stopped || leaving) return;
    window.clearTimeout(this.timer);
    this.busy = true;
    this.sending = this.save();
  }

  async save() {
    unsaved.delete(this.form);
    try {
      await this.heard(await this.send());
    } catch {
      this.later("未保存（网络断开），将在恢复后重试");
    } finally {
      this.busy = false;
    }
    if (unsaved.has(this.form) && this.state !== "failed") this.wait(PAUSE_MS);
  }

  send() {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string") body.append(name, value);
    }
    // Browsers carry at most 64 KiB past the end of a page.
    const keepalive = body.toString().length < 60000;
    const headers = { Accept: "application/json" };
    return fetch(this.url, { method: "POST", body, headers, keepalive, credentials: "same-origin" });
  }

  /** @param {Response} response */
  async heard(response) {
    const json = (response.headers.get("Content-Type") ?? "").includes("json");
    if (response.status === 409) return this.conflict(json ? await response.json() : {});
    if (response.status >= 500) return this.later("未保存（系统繁忙），稍后自动重试");
    if (response.redirected || response.status === 401 || !json) return this.ended();
    /** @type {Answer} */
    const answer = await response.json();
    if (!response.ok && !answer.problems) return this.stop(answer.says ?? "未保存，请点“保存”查看原因");
    this.saved(answer);
  }

  /** @param {Answer} answer */
  saved(answer) {
    this.retry_ms = FIRST_RETRY_MS;
    const version = this.form.elements.namedItem("version");
    if (version instanceof HTMLInputElement && answer.version !== undefined) {
      version.value = String(answer.version);
    }
    if (answer.problems) this.tell(answer.problems);
    if (answer.saved_at) this.show("saved", `已自动保存 ${answer.saved_at}`);
  }

  /** @param {string} words */
  later(words) {
    unsaved.add(this.form);
    this.show("failed", words);
    this.wait(this.retry_ms);
    this.retry_ms = Math.min(this.retry_ms * 2, LAST_RETRY_MS);
  }

  /**
   * What was typed has been put aside, and so is what is typed from now on.
   * @param {Answer} answer
   */
  conflict(answer) {
    this.show("failed", "本部分已有新的版本，您填写的内容已另存。");
    if (!answer.conflict_url || !this.line) return;
    const link = document.createElement("a");
    link.href = answer.conflict_url;
    link.textContent = "对照两个版本";
    this.line.append(link);
  }

  ended() {
    this.stop("未自动保存（登录已到期）。请点“保存”，登录后内容仍在。");
  }

  /** Trying again would not help. @param {string} words */
  stop(words) {
    this.stopped = true;
    unsaved.add(this.form);
    this.show("failed", words);
  }

  /** @param {string} state @param {string} words */
  show(state, words) {
    if (this.line) {
      this.line.textContent = words;
      this.line.setAttribute("data-state", state);
    }
    // A reader hears the change, not every one of a hundred saves.
    if (state !== this.state) say(words);
    this.state = state;
  }

  /** @param {Problem[]} problems */
  tell(problems) {
    for (const field of this.form.querySelectorAll("[data-field]")) {
      const name = field.getAttribute("data-field") ?? "";
      const problem = problems.find((one) => one.field === name);
      if (!problem) clearProblem(field);
      else if (this.touched.has(name) || field.classList.contains("field-bad")) showProblem(field, problem.says);
    }
  }
}

/* ---- what is wrong, at the field ---- */

/** @param {Element} field */
function parts(field) {
  const id = `f-${field.getAttribute("data-field")}`;
  const input = field.matches("fieldset") ? field : document.getElementById(id);
  return { error_id: `${id}-error`, input };
}

/** @param {Element} field @param {string} says */
function showProblem(field, says) {
  const { error_id, input } = parts(field);
  let line = document.getElementById(error_id);
  if (!line) {
    line = document.createElement("p");
    line.className = "field-error";
    line.id = error_id;
    const above = field.querySelector(":scope > .hint") ?? field.querySelector(":scope > label, :scope > legend");
    above?.after(line);
  }
  if (line.dataset.says === says) return;
  line.dataset.says = says;
  const words = document.createElement("span");
  words.textContent = says;
  line.replaceChildren(drawing("alert"), words);
  field.classList.add("field-bad");
  input?.setAttribute("aria-describedby", described(input, error_id, true));
  if (input && !input.matches("fieldset")) input.setAttribute("aria-invalid", "true");
}

/** @param {Element} field */
function clearProblem(field) {
  const { error_id, input } = parts(field);
  document.getElementById(error_id)?.remove();
  field.classList.remove("field-bad");
  input?.removeAttribute("aria-invalid");
  if (!input?.hasAttribute("aria-describedby")) return;
  const ids = described(input, error_id, false);
  if (ids) input.setAttribute("aria-describedby", ids);
  else input.removeAttribute("aria-describedby");
}

/** @param {Element} input @param {string} id @param {boolean} wanted */
function described(input, id, wanted) {
  const ids = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
  return (wanted ? [...ids, id] : ids).join(" ");
}

/** @param {string} name */
function drawing(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const sprite = document.querySelector("use")?.getAttribute("href")?.split("#")[0] ?? "/assets/icons.svg";
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/* ---- sending once, leaving on purpose ---- */

/** @param {SubmitEvent} event */
function sendOnce(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  unsaved.delete(form);
  leaving = true;
  // The button stays enabled, or its own name and value would not be sent.
  event.submitter?.setAttribute("aria-disabled", "true");
  // An answer that is a file leaves the page standing.
  window.setTimeout(() => sendAgain(form), UNLOCK_MS);
}

/** @param {HTMLFormElement} form */
function sendAgain(form) {
  leaving = false;
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

/** @param {BeforeUnloadEvent} event */
function askBeforeLeaving(event) {
  if (!leaving && unsaved.size > 0) event.preventDefault();
}

/* ---- keys and menus ---- */

const KEYS_OFF = "zx-keys-off";
const OPEN_GROUPS = "zx-open-groups";

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.key === "Escape") {
    each("details.person[open]", (/** @type {HTMLDetailsElement} */ menu) => {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    });
    if (location.hash === "#menu") location.hash = "#main";
  }
  const typing = /** @type {Element} */ (event.target).closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-search]"));
  if (!search || remembered(KEYS_OFF)) return;
  event.preventDefault();
  search.focus();
  search.select();
}

/** What the browser remembers, where it is allowed to. @param {string} key */
function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
function remember(key, value) {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // Nothing to remember with: the page works the same.
  }
}

/** The switch for single keys, which some people press by accident. @param {HTMLButtonElement} button */
function keySwitch(button) {
  const show = () => button.setAttribute("aria-pressed", remembered(KEYS_OFF) ? "false" : "true");
  button.addEventListener("click", () => {
    remember(KEYS_OFF, remembered(KEYS_OFF) ? "" : "yes");
    show();
  });
  button.hidden = false;
  show();
}

/** Groups of the menu stay as the person left them. @param {HTMLDetailsElement} group */
function keepOpen(group) {
  const heading = group.querySelector("summary");
  const name = heading?.textContent?.trim() ?? "";
  const opened = () => new Set((remembered(OPEN_GROUPS) ?? "").split("|").filter(Boolean));
  if (opened().has(name)) group.open = true;
  // Clicks alone count: the server opens the group of the present page, which is nobody's choice.
  heading?.addEventListener("click", () => {
    const names = opened();
    if (group.open) names.delete(name);
    else names.add(name);
    remember(OPEN_GROUPS, [...names].join("|"));
  });
}

/* ---- beginning ---- */

function begin() {
  each("form[data-autosave]", (/** @type {HTMLFormElement} */ form) => new Autosave(form).listen());
  each("form[data-confirm-leave]", (/** @type {HTMLFormElement} */ form) => {
    form.addEventListener("input", () => unsaved.add(form));
  });
  each("[data-print]", (/** @type {HTMLButtonElement} */ button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  each("[data-address]", (path) => {
    path.textContent = location.origin + path.textContent;
  });
  each("[data-keys]", keySwitch);
  each(".menu details", keepOpen);
  document.addEventListener("submit", sendOnce);
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    each("details.person[open]", (/** @type {HTMLDetailsElement} */ menu) => {
      if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
    });
  });
  window.addEventListener("beforeunload", askBeforeLeaving);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) each("form[data-sent]", sendAgain);
  });
  /** @type {HTMLElement | null} */ (document.querySelector("[data-error-summary]"))?.focus();
}

begin();
