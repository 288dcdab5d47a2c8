// One batch by clicking, as the people of the demo: a town declares, the county sends it back and then on, the
// city's three sign, the city reports, the office receives and proposes, the conference decides, the notice runs,
// the list is published, the auditor follows it back. On the way each does what people do: leaves things out,
// types nonsense, presses twice, keeps a second tab.
import { answersOf, document, fill, put, wordsIn } from '../filling.mjs';
import { officeFor } from '../office.mjs';

const TOWN = '示例溪口镇';
const OTHER = '示例梧村镇';
const ANSWERS = answersOf({
  name: TOWN, city: '景德镇市', county: '浮梁县', code: '360222905', industry: '陶瓷', function: '旅游发展型',
  kind: '传统文化', year: '2017', promised: '2018-04-26',
});
const FILES = { 1302: ['规划图.pdf'], 1303: ['项目表.pdf'], 1304: ['说明.pdf'], 1305: ['一.png', '二.png', '三.png'], 1306: ['四至.png'] };
const BUREAUS = ['示例·发思齐', '示例·财思明', '示例·建思远'];
const PRESENT = ['省住房和城乡建设厅', '省发展和改革委员会', '省财政厅', '省统计局', '省自然资源厅'];
const REASONS = '产业特色鲜明，三年投资落实，文化和生态基础较好，市级推荐顺序靠前，建议列入。';

export default {
  name: 'batch',
  withoutScript: true,
  minutes: 12,
  async run(tools) {
    const office = officeFor(tools);
    const declaration = await declare(tools, office);
    await throughTheCounty(tools, office, declaration);
    await signedAndReported(tools, office, declaration);
    await tools.demo.onDay('2018-05-04');
    await received(tools, office);
    await tools.demo.onDay('2018-06-11');
    await decided(tools, office);
    await tools.demo.onDay('2018-06-13');
    await noticed(tools, office);
    await tools.demo.onDay('2018-06-20');
    await published(tools, office);
    await traced(tools, office);
    const { status, said } = await tools.demo.run('audit', 'verify', '--data', tools.demo.data);
    tools.expect(status === 0, `audit verify ends with ${status}:\n${said}`);
  },
};

/* ---- the town ---- */

async function declare(tools, office) {
  const clerk = await office.person('示例·溪清浅');
  await office.isDone(clerk, TOWN);
  await clerk.goto('/declarations');
  await office.follow(clerk, '开始申报');
  await office.press(clerk, '开始申报');
  const declaration = new URL(clerk.url()).pathname;
  await office.says(clerk, '草稿', '剩3个工作日');
  await office.open(clerk, TOWN);
  await office.says(clerk, '已填完0个');
  await office.picture(clerk, '01 任务清单');
  await blankIsRefused(tools, office, clerk);
  for (const section of ANSWERS.keys()) await fillSection(tools, office, clerk, section);
  await attach(tools, office, clerk);
  await handOver(tools, office, clerk);
  const head = await office.person('示例·溪流长');
  await office.open(head, TOWN);
  await office.picture(head, '05 复核并报送');
  await office.press(head, '报送县级审核');
  await office.says(head, '县审核', '浮梁县政府');
  await office.isDone(head, TOWN);
  return declaration;
}

/** Before anything is filled the check page names every gap, each a link to its place, and offers no sending. */
async function blankIsRefused(tools, office, page) {
  await office.follow(page, '检查并提交');
  await office.says(page, '请填写“特色概述”', '请上传“规划图”');
  tools.expect((await page.getByRole('button', { name: '提交' }).count()) === 0, 'a blank declaration can be sent');
  await office.picture(page, '02 检查空白申报书');
  await office.follow(page, '请填写“特色概述”。');
  tools.expect(new URL(page.url()).hash === '#f-115', `the gap leads to ${page.url()}`);
  await office.follow(page, '返回任务清单');
}

async function fillSection(tools, office, page, section) {
  const answers = ANSWERS.get(section);
  // A section begun leads to its first gap.
  await page.locator(`main a[href$="/sections/${section}"], main a[href*="/sections/${section}?"]`).first().click();
  await page.locator('#section').waitFor();
  if (section === 'identity') await nonsenseIsKept(tools, office, page);
  const saving = tools.scripted && section === 'identity' ? autosaveOf(page, '115', answers['115']) : null;
  if (Array.isArray(answers)) await fillRows(office, page, answers);
  else await fill(page, answers);
  if (section === 'identity') await savedAndThere(tools, office, page, saving);
  if (section === 'projects') await office.picture(page, '03 建设项目');
  await page.getByLabel('已填完', { exact: true }).check();
  await office.press(page, '保存并继续');
  tools.expect((await page.locator('.error-summary').count()) === 0,
    `${section} is not accepted: ${await page.locator('main').innerText()}`);
  await office.follow(page, '返回任务清单');
}

/** What is wrong stays on the page as it was typed, and the page says what to do. */
async function nonsenseIsKept(tools, office, page) {
  const long = '陶'.repeat(60);
  await put(page, '101', long);
  await put(page, '114', '无');
  await office.press(page, '保存草稿');
  await office.isRefused(page, '101', '40');
  await office.isRefused(page, '114', '电话');
  tools.expect((await wordsIn(page, '101')) === long, 'the words typed are lost');
  await office.picture(page, '04 填错');
}

async function fillRows(office, page, rows) {
  for (const [at, row] of rows.entries()) {
    if ((await page.locator(`#row-${at + 1}`).count()) === 0) await page.locator('button[name=_add]').click();
    await page.locator(`#row-${at + 1}`).waitFor();
    await fill(page, row, `row.${at + 1}.`);
  }
}

/** With script the words are saved by themselves, without it by the button; either way a reload shows them. */
async function savedAndThere(tools, office, page, saving) {
  if (saving) {
    tools.expect((await saving).ok(), 'the words are not saved by themselves');
    await page.locator('[data-saving][data-state=saved]').filter({ hasText: '已自动保存' }).waitFor();
    await page.locator('.field-error').waitFor({ state: 'detached' });
  } else {
    await office.press(page, '保存草稿');
    await office.says(page, '已保存');
  }
  await page.goto(page.url());
  const words = await wordsIn(page, '115');
  tools.expect(words === ANSWERS.get('identity')['115'], `after a reload the page shows “${words}”`);
}

/** The answer to the save that carries these words. */
function autosaveOf(page, item, words) {
  const carries = (request) => new URLSearchParams(request.postData() ?? '').get(item) === words;
  return page.waitForResponse((answer) => answer.url().endsWith('/autosave') && carries(answer.request()));
}

async function attach(tools, office, page) {
  await page.locator('main a[href$="/sections/attachments"]').first().click();
  const upload = async (item, file) => {
    await page.locator(`#f-${item} input[type=file]`).setInputFiles(file);
    await office.moved(page, page.locator(`#f-${item}`).getByRole('button', { name: '上传文件' }));
  };
  const program = { name: '规划图.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ\x90\x00 this is a program') };
  await upload(1302, program);
  await office.says(page, '请选择真正的 pdf 文件');
  tools.expect((await page.locator('#f-1302 .field-error').count()) === 1, 'a program named .pdf is taken');
  await upload(1302, { ...program, buffer: Buffer.alloc(0) });
  tools.expect((await page.locator('#f-1302 .field-error').count()) === 1, 'an empty file is taken');
  await office.picture(page, '04 附件不合格');
  for (const [item, names] of Object.entries(FILES)) {
    for (const name of names) {
      await upload(item, document(name));
      await page.locator(`#f-${item} tbody`).filter({ hasText: name }).waitFor();
    }
  }
  await page.getByLabel('已填完', { exact: true }).check();
  await office.press(page, '保存草稿');
  await office.follow(page, '返回任务清单');
  await office.says(page, '已填完13个');
}

async function handOver(tools, office, page) {
  await office.follow(page, '检查并提交');
  await office.picture(page, '04 检查并提交');
  await office.press(page, '提交负责人复核');
  await office.isRefused(page, 'promise', '请阅读并勾选承诺');
  await page.getByLabel('我单位承诺').check();
  await office.press(page, '提交负责人复核');
  await office.says(page, '镇内复核', '第1版');
  const again = await page.goto(page.url().replace(/\?.*/, '/confirmation'));
  tools.expect(again.status() === 403 || again.status() === 404, `who filled it in may confirm it: ${again.status()}`);
  await office.isDone(page, TOWN);
}

/* ---- the county ---- */

async function throughTheCounty(tools, office, declaration) {
  const reviewer = await office.person('示例·浮审之');
  await office.open(reviewer, TOWN);
  await office.press(reviewer, '提交审核意见');
  await office.isRefused(reviewer, 'opinion', '意见');
  await office.follow(reviewer, '退回补正');
  await office.press(reviewer, '退回补正');
  await office.says(reviewer, '请至少勾选一项');
  await reviewer.locator('#fault-102').check();
  await reviewer.locator('[name="says.102"]').fill('设区市名称请写全称。');
  await office.picture(reviewer, '06 退回补正');
  await office.press(reviewer, '退回补正');
  await office.isDone(reviewer, TOWN);
  await corrected(tools, office, declaration);
  await office.open(reviewer, TOWN);
  await office.says(reviewer, '第2版', '1处变化', '设区市名称请写全称');
  await reviewer.getByLabel('审核意见').fill('经核对，数据与统计口径一致，附件齐全，建议审定。');
  await office.picture(reviewer, '07 审核');
  await office.press(reviewer, '提交审核意见');
  await office.isDone(reviewer, TOWN);
  const approver = await office.person('示例·浮定远');
  await office.open(approver, TOWN);
  await approver.getByLabel('县级政府文号').fill('浮府字〔2018〕22号');
  await office.press(approver, '审定并报市级会签');
  await office.isRefused(approver, 'scan', '请上传');
  tools.expect((await approver.getByLabel('县级政府文号').inputValue()) === '浮府字〔2018〕22号', 'the number typed is lost');
  await approver.locator('[name=scan]').setInputFiles(document('县级文件.pdf'));
  await office.press(approver, '审定并报市级会签');
  await office.says(approver, '市会签', '景德镇市财政局', '浮府字〔2018〕22号');
  await office.isDone(approver, TOWN);
}

/** The clerk finds the return on his desk, with the item at fault named and marked. */
async function corrected(tools, office, declaration) {
  const clerk = await office.person('示例·溪清浅');
  await clerk.goto(declaration);
  await office.says(clerk, '退回意见，共1处', '所属设区市', '设区市名称请写全称。');
  await office.open(clerk, TOWN);
  await office.picture(clerk, '06 退回后的任务清单');
  await clerk.locator('main a[href$="/sections/identity"]').first().click();
  await office.says(clerk, '设区市名称请写全称。');
  await put(clerk, '102', '江西省景德镇市');
  await clerk.getByLabel('已填完', { exact: true }).check();
  await office.press(clerk, '保存并继续');
  await office.follow(clerk, '返回任务清单');
  await office.follow(clerk, '检查并提交');
  await clerk.getByLabel('我单位承诺').check();
  await office.press(clerk, '提交负责人复核');
  await office.isDone(clerk, TOWN);
  const head = await office.person('示例·溪流长');
  await office.open(head, TOWN);
  await office.press(head, '报送县级审核');
}

/* ---- the city ---- */

async function signedAndReported(tools, office, declaration) {
  const people = [];
  for (const name of BUREAUS) people.push(await office.person(name));
  for (const [at, bureau] of people.entries()) await signed(tools, office, bureau, { at, declaration });
  const construction = people[2];
  await compiled(tools, office, construction);
  for (const bureau of people) {
    await office.open(bureau, '会签上报清单');
    await office.press(bureau, '代表本部门会签清单');
    await office.isDone(bureau, '会签上报清单');
  }
  const city = await office.person('示例·景定安');
  await office.open(city, '上报申报件');
  await city.locator('[name=scan]').setInputFiles(document('市级文件.pdf'));
  await office.picture(city, '10 上报');
  await office.press(city, '上报清单和申报书');
  await office.says(city, '已上报', '景府字〔2018〕40号');
  await office.isDone(city, '上报申报件');
}

/** Each bureau signs once: neither a double press nor a second tab left open signs again. */
async function signed(tools, office, page, { at, declaration }) {
  await office.open(page, TOWN);
  if (at > 0) {
    await office.press(page, '代表本部门会签');
    await office.isDone(page, TOWN);
    return;
  }
  await office.picture(page, '08 会签');
  const second = await page.context().newPage();
  await second.goto(page.url());
  const button = page.getByRole('button', { name: '代表本部门会签', exact: true });
  await Promise.all([page.waitForURL(/done=/), button.dblclick()]);
  await office.press(second, '代表本部门会签');
  await office.says(second, '会签');
  await second.close();
  await page.goto(declaration);
  const happenings = page.locator('section', { hasText: '流转记录' }).last().locator('li').filter({ hasText: '示例·发思齐' });
  tools.expect((await happenings.count()) === 1, `the bureau signed ${await happenings.count()} times`);
  await office.isDone(page, TOWN);
}

async function compiled(tools, office, page) {
  await office.open(page, '编制上报清单');
  await page.getByLabel('上报文号').fill('景府字〔2018〕40号');
  await page.getByLabel('总体情况').fill('经三部门联合审核，同意按推荐顺序上报。');
  await page.getByLabel(`${TOWN}的推荐顺序`).fill('1');
  await page.getByLabel(`${OTHER}的推荐顺序`).fill('3');
  await office.press(page, '保存清单，送三个部门会签');
  await office.says(page, '不跳号');
  tools.expect((await page.getByLabel('上报文号').inputValue()) === '景府字〔2018〕40号', 'the number typed is lost');
  await page.getByLabel(`${OTHER}的推荐顺序`).fill('2');
  await office.picture(page, '09 编制上报清单');
  await office.press(page, '保存清单，送三个部门会签');
  await office.says(page, '清单会签', TOWN, OTHER);
}

/* ---- the province ---- */

async function received(tools, office) {
  const clerk = await office.person('示例·省办实');
  await office.says(clerk, '受理申报书');
  await clerk.goto('/city-reports');
  await clerk.locator('tbody tr').filter({ hasText: '景府字〔2018〕40号' }).getByRole('link').first().click();
  await office.follow(clerk, '受理整份清单');
  await office.press(clerk, '受理清单内的申报书');
  await office.isDone(clerk, `受理申报书 ${TOWN}`);
  await office.open(clerk, '示例云岭镇');
  await office.press(clerk, '受理申报书');
  await office.open(clerk, '结束申报');
  await office.picture(clerk, '11 结束申报');
  await clerk.locator('main form button').last().click();
  await clerk.waitForURL(/done=/);
  for (const town of [TOWN, OTHER]) {
    await office.open(clerk, town);
    if (town === TOWN) {
      await clerk.getByLabel('拟列入理由').fill('好');
      await office.press(clerk, '提交拟列入意见');
      await office.isRefused(clerk, 'reasons', '请写明理由');
    }
    await clerk.getByLabel('拟列入理由').fill(REASONS);
    await office.press(clerk, '提交拟列入意见');
    await office.isDone(clerk, town);
  }
  await clerk.goto('/selection');
  await clerk.getByRole('link', { name: '2018年第二批' }).click();
  await office.says(clerk, '已拟列入2个', REASONS);
  await office.picture(clerk, '12 遴选');
}

async function decided(tools, office) {
  const approver = await office.person('示例·省审定');
  await office.open(approver, '录入会议决定');
  await approver.getByLabel('会议纪要编号').fill('赣特镇联纪〔2018〕3号');
  await approver.getByLabel('会议日期').fill('2018-06-11');
  await approver.getByLabel('公示开始日期').fill('2018-06-12');
  await approver.getByLabel('公示工作日数').fill('5');
  await approver.getByLabel('公示联系电话').fill('0791-00000000');
  const members = approver.locator('[data-field=present] input');
  await members.first().check();
  await office.press(approver, '登记决定并开始公示');
  await office.isRefused(approver, 'present', '到会成员单位');
  tools.expect((await approver.getByLabel('会议纪要编号').inputValue()) === '赣特镇联纪〔2018〕3号', 'the number typed is lost');
  for (const at of PRESENT.keys()) await members.nth(at).check();
  await office.picture(approver, '13 登记决定');
  await office.press(approver, '登记决定并开始公示');
  await office.says(approver, '赣特镇联纪〔2018〕3号');
  await approver.goto(approver.url().replace('/selection/', '/lists/publication/').replace(/\?.*/, ''));
  await office.press(approver, '公布第2批名单');
  await office.says(approver, '尚未结束');
}

async function noticed(tools, office) {
  const visitor = await tools.visitor();
  await visitor.goto('/public/notices');
  await visitor.locator('main').getByRole('link', { name: '2018年第二批' }).click();
  await office.says(visitor, TOWN, OTHER, '2018年6月12日', '公示正在进行');
  await office.picture(visitor, '14 公示');
}

async function published(tools, office) {
  const approver = await office.person('示例·省审定');
  await office.open(approver, '公布名单');
  await office.says(approver, '将列入2个', TOWN, OTHER, '本批次未列入');
  await approver.getByLabel('生效日期').fill('2018-06-20');
  await office.picture(approver, '15 公布名单');
  await office.press(approver, '公布第2批名单');
  await office.isDone(approver, '公布名单');
  const visitor = await tools.visitor();
  await visitor.goto('/public/list');
  await office.says(visitor, TOWN, '示例云雾镇', '赣特镇联纪〔2018〕3号', '记录根');
  await office.picture(visitor, '16 建设名单');
  await visitor.locator('main form.filters [name=on]').fill('2018-06-19');
  await office.press(visitor, '查询');
  await office.says(visitor, '示例云雾镇');
  await office.saysNot(visitor, TOWN);
  const csv = await (await visitor.context().request.get('/public/list.csv')).text();
  tools.expect(csv.includes(`${TOWN},建制镇,建设名单,景德镇市,浮梁县`), `the CSV lacks the town:\n${csv}`);
}

/* ---- the auditor ---- */

async function traced(tools, office) {
  const auditor = await office.person('示例·审查真');
  await auditor.goto('/lists/2');
  const row = auditor.locator('main tbody tr').filter({ hasText: TOWN });
  await office.moved(auditor, row.getByRole('link', { name: '溯源' }));
  await office.says(auditor, '公布名单', '联席会议决定', '拟列入', REASONS, '会签', '审定', '开始申报');
  await office.picture(auditor, '17 溯源');
  await office.follow(auditor, '申报件、签章与各版内容');
  await office.says(auditor, '已列入', '第2版', '第1版', '浮府字〔2018〕22号');
  await office.follow(auditor, '与上一版比较');
  await office.says(auditor, '江西省景德镇市');
  await auditor.goto('/log/checkpoint');
  await office.press(auditor, '立即校验全部记录');
  await office.says(auditor, '校验通过');
  await office.picture(auditor, '18 记录校验');
}
