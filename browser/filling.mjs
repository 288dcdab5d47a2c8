// Fills a section's page as a clerk does: field by field, with the answers that the demo's own towns give.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ANSWERS = join(dirname(fileURLToPath(import.meta.url)), '../crates/app/src/demo/answers/statutory-town.toml');

/** A town's answers: section → { code: words }, or a list of those where the section repeats. */
export function answersOf(town) {
  const told = (words) => words.replace(/\{(\w+)\}/g, (_, name) => town[name]);
  const sections = new Map();
  let row;
  for (const line of readFileSync(ANSWERS, 'utf8').split('\n')) {
    const [, brackets, code] = line.match(/^(\[+)(\w+)\]+$/) ?? [];
    const [, item, words] = line.match(/^"(\d+)" = "(.*)"$/) ?? [];
    if (code) {
      row = {};
      if (brackets === '[') sections.set(code, row);
      else sections.set(code, [...(sections.get(code) ?? []), row]);
    } else if (item) {
      row[item] = told(words);
    }
  }
  return sections;
}

/** Puts answers into the fields of the page; `prefix` names the row of a repeated section. */
export async function fill(page, answers, prefix = '') {
  for (const [code, words] of Object.entries(answers)) await put(page, `${prefix}${code}`, words);
}

/** Puts words into one field, whatever its kind. */
export async function put(page, name, words) {
  const field = page.locator(`#section [name="${name}"]`);
  const kind = await field.first().evaluate((element) => (element.tagName === 'SELECT' ? 'select' : element.type));
  if (kind === 'select') await field.selectOption({ label: words });
  else if (kind === 'radio' || kind === 'checkbox') {
    const choice = page.locator(`[data-field="${name}"]`).getByLabel(words, { exact: true });
    // The bar at the foot of the window stands over what is only just in view.
    await choice.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await choice.check();
  } else await field.fill(words);
}

/** What stands in a field of free words. */
export function wordsIn(page, name) {
  return page.locator(`#section [name="${name}"]`).inputValue();
}

/** A small file of the kind that a form asks for: a page of PDF or a picture of one colour. */
export function document(name) {
  const isPicture = name.endsWith('.png');
  return isPicture
    ? { name, mimeType: 'image/png', buffer: Buffer.from(PICTURE, 'base64') }
    : { name, mimeType: 'application/pdf', buffer: pdf() };
}

const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC';

function pdf() {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`
    + `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}
