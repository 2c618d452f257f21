import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Claimant } from '../../../demo/claims/plan.ts';
import { playClaims } from '../../../demo/claims/play.ts';
import { rolledUp } from '../../../functions/domain/reports/roll-up.ts';
import { openedDocuments, thumbprints } from '../../../operations/roll-up/documents.ts';
import { admissionOf, agreeUntil, screen, TOWN, today } from '../../playing-cases.ts';
import { claimFor, illness, insureWith, registerFamilies, rosterOf, stageOf } from '../../playing-claims.ts';
import { OTHER_TOWN_VILLAGE, register, testRow, VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
let families: Claimant[] = [];
let policy: string;
/** A quarter in a village of two families: one admitted, helped and paid a claim; another town with a household of its own. */
beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-04-11T09:00:00+08:00' });
  families = await registerFamilies(stack, 2);
  await screen(stack, '2023Q2');
  const household = { id: first().household, members: first().people };
  const subject = await admissionOf(stack, household);
  await agreeUntil(stack, subject, household);
  policy = await insureWith(stack, rosterOf(families));
  await playClaims(stageOf(stack), policy, [
    claimFor(first(), 1, illness(900_000, 'DB-R001'), 'paid', { eventOn: '2023-04-02' }),
  ]);
  const responsible = { account: 'h', name: '陈帮扶', unit: '镇农业办' };
  await stack.post(`/v1/cases/${subject}/measures`, TOWN, {
    key: 'measure-1',
    kind: 'health',
    plannedOn: today(stack),
    responsible,
  });
  const repair = {
    kind: 'housing-repair',
    region: VILLAGE,
    household: household.id,
    amount: 12_345,
    occurredOn: '2023-04-13',
  };
  await stack.post('/v1/ledger', TOWN, { rows: [repair] });
  await register(stack, 1, OTHER_TOWN_VILLAGE);
});
afterAll(() => stack.stop());

function first(): Claimant {
  const [family] = families;
  if (family === undefined) throw new Error('There is no family.');
  return family;
}

async function figure(key: string, region: string, more = ''): Promise<number> {
  const { body } = await stack.get(`/v1/reports/brief?region=${region}${more}`, OFFICER);
  return body.figures.find((one: { key: string }) => one.key === key).value;
}

async function text(format: string, as: As): Promise<{ type: string | null; words: string; headers: Headers }> {
  const headers = { authorization: `Bearer ${await stack.token(as)}` };
  const answer = await fetch(`${stack.local.endpoints.api}/v1/reports/brief?region=440904&format=${format}`, {
    headers,
  });
  return { type: answer.headers.get('content-type'), words: await answer.text(), headers: answer.headers };
}

describe('a brief', () => {
  it('tells any region its own figures', async () => {
    expect(await figure('registry.households', '440904')).toBe(3);
    expect(await figure('registry.households', VILLAGE)).toBe(2);
    expect(await figure('registry.households', OTHER_TOWN_VILLAGE.slice(0, 9))).toBe(1);
    expect(await figure('housing.repaired.amount', VILLAGE.slice(0, 9))).toBe(12_345);
    expect(await figure('housing.repaired.amount', OTHER_TOWN_VILLAGE)).toBe(0);
    expect(await figure('insurance.claims.paid.amount', VILLAGE)).toBe(200_000);
  });

  it('tells any past day as it stood, and what was known when', async () => {
    expect(await figure('cases.open.households', '440904')).toBe(1);
    expect(await figure('cases.open.households', '440904', '&asOf=2023-04-12')).toBe(0);
    expect(await figure('housing.repaired.households', '440904', '&asOf=2023-04-12')).toBe(0);
    expect(await figure('housing.repaired.households', '440904', '&asOf=2023-04-13')).toBe(1);
    // Entered later, it was not known on the evening of its own day.
    expect(
      await figure('housing.repaired.households', '440904', '&asOf=2023-04-13&knownAt=2023-04-13T20:00:00%2B08:00'),
    ).toBe(0);
    expect(await figure('screening.q2.households', '440904', '&asOf=2023-04-10')).toBe(0);
    expect((await stack.get('/v1/reports/brief?region=440904&asOf=2099-01-01', OFFICER)).body.code).toBe(
      'date-in-future',
    );
  });

  it('of a sealed round is the district’s document for its city, by the cell’s own key, and no town’s', async () => {
    const published = (region: string) => stack.get(`/v1/reports/briefs?region=${region}`, OFFICER);
    const { items } = (await published('440904')).body;
    const file = join(stack.data, 'document.json');
    writeFileSync(file, JSON.stringify(items[0].document));
    const [{ district, thumbprint } = { district: '', thumbprint: '' }] = await thumbprints([file]);
    const trust = join(stack.data, 'trust.json');
    writeFileSync(trust, JSON.stringify({ [district]: thumbprint }));
    const { documents } = await openedDocuments([file], trust, { region: '44', until: '2023-12-31' });
    expect(documents).toMatchObject([{ claims: { district: '440904', round: '2023Q2' }, brief: items[0].brief }]);
    expect(rolledUp({ code: '44', name: '广东省' }, [items[0].brief]).parts).toMatchObject([
      { region: '440904', registered: 2 },
    ]);
    const [ofTown] = (await published(VILLAGE.slice(0, 9))).body.items;
    expect([ofTown.round, ofTown.document]).toEqual(['2023Q2', undefined]);
  });

  it('opens a figure down to the households behind it, in the caller’s region', async () => {
    const behind = async (as: As, region: string) =>
      (await stack.get(`/v1/reports/brief/figures/cases.open.households?region=${region}`, as)).body;
    expect(await behind(WORKER, VILLAGE)).toMatchObject({
      figure: { value: 1 },
      households: [first().household],
      total: 1,
    });
    expect((await behind(WORKER, '440904')).code).toBe('outside-region');
    expect((await behind(OFFICER, OTHER_TOWN_VILLAGE)).total).toBe(0);
  });

  it('is published when a round is sealed, and stays as it was told then', async () => {
    const { body } = await stack.get('/v1/reports/briefs?region=440904', OFFICER);
    expect(body.items).toMatchObject([{ round: '2023Q2', brief: { region: '440904' } }]);
    const told = body.items[0].brief.figures.find(({ key }: { key: string }) => key === 'registry.households');
    expect(told.value).toBe(2);
  });

  it('is a printable page and a workbook, marked while its lines are illustrative, and names nobody', async () => {
    const page = await text('html', OFFICER);
    expect(page.type).toBe('text/html; charset=utf-8');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^' ]+=';/);
    expect(page.words).toContain('监测线为示例数值');
    expect(page.words).toContain('<svg');
    expect(page.words).not.toContain('测试1');
    const sheet = await text('csv', OFFICER);
    expect(sheet.type).toBe('text/csv; charset=utf-8');
    expect(sheet.words).toContain('"housing.repaired.amount","住房修缮投入资金","123.45","元"');
  });

  it('is refused outside the caller’s region', async () => {
    expect((await stack.get('/v1/reports/brief?region=440904', WORKER)).status).toBe(403);
    expect((await stack.get('/v1/reports/briefs?region=440904', WORKER)).status).toBe(403);
  });
});

describe('a household’s story', () => {
  it('tells everything in order: register, visit, sealed row, case, notice, claim, payout, measure, help', async () => {
    const { body } = await stack.get(`/v1/households/${first().household}/history`, WORKER);
    const { story } = body;
    expect(story.map(({ on }: { on: string }) => on)).toEqual(story.map(({ on }: { on: string }) => on).sort());
    const kinds: string[] = story.map(({ kind }: { kind: string }) => kind);
    expect(new Set(kinds)).toEqual(
      new Set(['change', 'visit', 'screening', 'case', 'notice', 'claim', 'payout', 'measure', 'help']),
    );
    const titles: string[] = story.map(({ title }: { title: string }) => title);
    const expected = [
      '登记入册',
      '入户排查（2023Q2）：放心户（暂定）',
      '2023Q2 封存：放心户，人均 20000.00 元',
      '监测线索',
      '帮扶：修缮住房 123.45 元',
      '纳入监测',
    ];
    expect(titles.filter((title) => expected.includes(title))).toEqual(expected);
    expect(titles).toEqual(
      expect.arrayContaining([
        '张贴公示',
        '理赔（疾病医疗）：报案',
        '理赔（疾病医疗）：赔款到账 2000.00 元',
        '制定措施：健康帮扶',
      ]),
    );
    expect(JSON.stringify(body)).not.toContain('测试1');
    expect(
      (await stack.get(`/v1/households/${first().household}/history`, { ...TOWN, region: OTHER_TOWN_VILLAGE })).status,
    ).toBe(403);
  });
});

describe('everything about one person', () => {
  const asked = (household: string, person: string, as: As = OFFICER) =>
    stack.post(`/v1/people/${person}/export`, as, { household, reason: '本人申请查阅、复制' });

  it('is one document: their numbers whole, of the others of the household nothing', async () => {
    const { household, phone, people } = first();
    const [head, child] = people;
    if (head === undefined || child === undefined) throw new Error('There are two.');
    const { status, body } = await asked(household, head.person);
    expect(status).toBe(200);
    const [file, other] = body.households;
    expect(other).toBeUndefined();
    expect(body).toMatchObject({ person: head.person, asked: { reason: '本人申请查阅、复制' } });
    expect(body.insured).toMatchObject([{ household, name: head.name, covers: [{ enrolledOn: '2023-01-01' }] }]);
    expect(file.changes[0]).toMatchObject({
      kind: 'register',
      phone,
      member: { name: head.name, idNumber: head.idNumber },
    });
    expect(file.visits[0]).toMatchObject({ member: { person: head.person, labour: expect.any(String) } });
    expect(file.rounds).toMatchObject([{ round: '2023Q2', household }]);
    expect(file.cases).toMatchObject([{ stage: 'open', measures: [{ kind: 'health' }] }]);
    expect(file.help).toMatchObject([{ kind: 'housing-repair', amount: 12_345 }]);
    expect(file.claims).toMatchObject([
      { person: head.person, payee: { account: expect.stringMatching(/^6217\d{15}$/) }, paid: [{ amount: 200_000 }] },
    ]);
    // Once it is told, who asked for it is part of it.
    expect(file.looks).toMatchObject([{ field: 'everything', reason: '本人申请查阅、复制' }]);
    const words = JSON.stringify(body);
    expect(words).not.toMatch(/[cC]ipher/);
    for (const secret of [child.person, child.name, child.idNumber])
      expect([secret, words.includes(secret)]).toEqual([secret, false]);
    expect(JSON.stringify((await asked(household, child.person)).body)).not.toContain(head.idNumber);
    const { body: looks } = await stack.get(`/v1/reveals?region=${VILLAGE}`, { account: 'auditor' });
    expect(looks.items).toContainEqual(expect.objectContaining({ field: 'everything', person: head.person }));
  });

  it('goes with the person from household to household', async () => {
    const [, second] = families;
    const [, child] = second?.people ?? [];
    if (second === undefined || child === undefined) throw new Error('There is a second family.');
    const { body: before } = await stack.get(`/v1/households/${second.household}`, OFFICER);
    const change = { kind: 'split', on: today(stack), number: '0951', persons: [child.person], head: child.person };
    expect(
      (await stack.patch(`/v1/households/${second.household}`, OFFICER, { version: before.version, change })).status,
    ).toBe(200);
    const { body } = await asked(`${VILLAGE}-0951`, child.person);
    expect(body.households.map((one: { household: string }) => one.household).sort()).toEqual(
      [second.household, `${VILLAGE}-0951`].sort(),
    );
    const own = (one: { changes: { kind: string }[] }) => one.changes.map(({ kind }) => kind);
    expect(body.households.map(own)).toContainEqual(['register', 'split']);
  });

  it('ends with the day on which somebody left a household: what became of the others is theirs', async () => {
    const [, second] = families;
    const [head, child] = second?.people ?? [];
    if (second === undefined || head === undefined || child === undefined) throw new Error('There is a second family.');
    const { household } = second;
    const help = (region: string, amount: number) =>
      stack.post('/v1/ledger', TOWN, {
        rows: [{ kind: 'housing-repair', region, household, amount, occurredOn: today(stack) }],
      });
    expect((await help(VILLAGE.slice(0, 9), 11_111)).body.refused).toBe(0);
    await stack.settle(2 * 86_400);
    const { body: before } = await stack.get(`/v1/households/${household}`, OFFICER);
    const change = { kind: 'correction', on: today(stack), phone: '13900008888', address: '新址一号' };
    expect(
      (await stack.patch(`/v1/households/${household}`, OFFICER, { version: before.version, change })).status,
    ).toBe(200);
    expect((await help(VILLAGE, 22_222)).body.refused).toBe(0);
    const looked = await stack.post(`/v1/households/${household}/reveal`, OFFICER, {
      field: 'phone',
      reason: '核对新电话号码',
    });
    expect(looked.status).toBe(200);
    const words = async (person: string) => JSON.stringify((await asked(household, person)).body);
    const [stays, left] = [await words(head.person), await words(child.person)];
    // What their town gave the household while both lived in it is told to both.
    const found = (word: string) => [word, stays.includes(word), left.includes(word)];
    expect(['11111', second.phone, '22222', '13900008888', '新址一号', '核对新电话号码'].map(found)).toEqual([
      ['11111', true, true],
      [second.phone, true, true],
      ['22222', true, false],
      ['13900008888', true, false],
      ['新址一号', true, false],
      ['核对新电话号码', true, false],
    ]);
  });

  it('of who joined later tells where the household lived then, and nothing of the time before', async () => {
    const { household, phone } = first();
    const { body: before } = await stack.get(`/v1/households/${household}`, OFFICER);
    const [member] = testRow(77).members;
    const change = { kind: 'move-in', on: today(stack), member: { ...member, relation: 'other' } };
    const { status, body: after } = await stack.patch(`/v1/households/${household}`, OFFICER, {
      version: before.version,
      change,
    });
    expect(status).toBe(200);
    const { person } = after.household.members.at(-1);
    const [file] = (await asked(household, person)).body.households;
    expect(file.changes).toMatchObject([{ kind: 'move-in', phone }]);
    expect(file).toMatchObject({ visits: [], rounds: [], help: [], claims: [] });
  });

  it('tells who received money for another of the household their account, and not what it was for', async () => {
    const [head, child] = first().people;
    if (head === undefined || child === undefined) throw new Error('There are two.');
    const { person, name, idNumber } = child;
    await playClaims(stageOf(stack), policy, [
      claimFor(first(), 2, illness(900_000, 'DB-R002'), 'paid', { eventOn: '2023-04-03', person, name, idNumber }),
    ]);
    const { body } = await asked(first().household, head.person);
    const [file] = body.households;
    expect(file.claims).toHaveLength(1);
    expect(file.payee).toMatchObject([
      {
        kind: 'member',
        name: head.name,
        account: expect.stringMatching(/^6217\d{15}$/),
        paid: [{ status: 'settled' }],
      },
    ]);
    expect(JSON.stringify(body)).not.toContain('DB-R002');
    const { body: others } = await asked(first().household, person);
    expect(others.households[0].payee).toEqual([]);
    expect(JSON.stringify(others)).not.toContain(`"${head.name}"`);
  });

  it('is for officers of the whole district, of somebody who is or was in that household, and anybody else is unknown', async () => {
    const { household, people } = first();
    const [head] = people;
    expect((await asked(household, head?.person ?? '', TOWN)).body.code).toBe('role-not-allowed');
    expect((await asked(household, 'p-0123456789abcdef')).body.code).toBe('not-found');
    expect((await asked(`${VILLAGE}-9999`, head?.person ?? '')).body.code).toBe('household-unknown');
    expect((await stack.post(`/v1/people/${head?.person}/export`, OFFICER, { household })).status).toBe(400);
  });
});
