import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../demo/district/random.ts';
import { type Brief, figureKeys } from '../../functions/contracts/reports/brief.ts';
import { BRIEF_DOCUMENT } from '../../functions/contracts/reports/brief-document.ts';
import { allFigures } from '../../functions/domain/reports/figures.ts';
import { rolledUp } from '../../functions/domain/reports/roll-up.ts';
import { openedDocuments } from '../../operations/roll-up/documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'shouwang-roll-up-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const random = new Random('thirty cells');
const DISTRICTS = Array.from({ length: 30 }, (_, n) => `4409${String(n + 1).padStart(2, '0')}`);
const CITY = { code: '4409', name: '茂名市' };

/** A brief of a simulated district: every figure of its own. */
function briefOf(region: string, asOf = '2023-12-31'): Brief {
  const insurance = { insured: [], cover: 0, claims: [] };
  const asked = { region, asOf, knownAt: `${asOf}T10:00:00.000Z` };
  const nothing = { ...asked, households: [], cases: [], sheets: [], entries: [], insurance };
  const count = () => random.int(0, 10_000);
  return {
    ...asked,
    name: `示例区${region}`,
    illustrative: false,
    figures: allFigures(nothing).map((figure) => ({ ...figure, value: count() })),
    rounds: ['2023Q3', '2023Q4'].map((round) => ({
      round,
      visited: count(),
      secure: count(),
      concern: count(),
      monitor: count(),
    })),
    parts: [],
  };
}

interface Cell {
  district: string;
  thumbprint: string;
  seal(brief: Brief, changes?: { typ?: string; claims?: object }): Promise<{ brief: string; seal: string }>;
}

async function cell(district: string): Promise<Cell> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  const thumbprint = await calculateJwkThumbprint(jwk);
  return {
    district,
    thumbprint,
    async seal(brief, { typ = BRIEF_DOCUMENT, claims = {} } = {}) {
      const text = JSON.stringify(brief);
      const sha256 = createHash('sha256').update(text).digest('hex');
      const { asOf } = brief;
      const told = { district, round: '2023Q4', asOf, publishedAt: `${asOf}T11:00:00.000Z`, sha256, ...claims };
      const payload = new TextEncoder().encode(JSON.stringify(told));
      const header = { alg: 'ES256', typ, kid: thumbprint, jwk };
      return { brief: text, seal: await new CompactSign(payload).setProtectedHeader(header).sign(privateKey) };
    },
  };
}

let cells: Cell[];
let briefs: Brief[];
let files: string[];
let trust: string;
beforeAll(async () => {
  cells = await Promise.all(DISTRICTS.map(cell));
  briefs = DISTRICTS.map((district) => briefOf(district));
  files = await Promise.all(
    cells.map(async (one, n) => file(one.district, await one.seal(briefs[n] ?? briefOf(one.district)))),
  );
  trust = file('trust', Object.fromEntries(cells.map(({ district, thumbprint }) => [district, thumbprint])));
});

function file(name: string, content: unknown): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

function first(): Cell {
  const [one] = cells;
  if (one === undefined) throw new Error('There is no cell.');
  return one;
}

/** A seal by a key that somebody made up. */
function sealBy(jwk: object): string {
  const header = { alg: 'ES256', typ: BRIEF_DOCUMENT, jwk };
  return [JSON.stringify(header), '{}', 'x'.repeat(64)]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
}

const open = (names: readonly string[], until = '9999-12-31') =>
  openedDocuments(names, trust, { region: CITY.code, until });

it('thirty cells add up to a city, the greatest case is the greatest of all, and each district is a part', async () => {
  const { documents, missing } = await open([...files].reverse());
  expect(missing).toEqual([]);
  const city = rolledUp(
    CITY,
    documents.map(({ brief }) => brief),
  );
  for (const key of figureKeys) {
    const values = briefs.map(({ figures }) => figures.find((one) => one.key === key)?.value ?? Number.NaN);
    const whole = key === 'insurance.example.accidentalDeath.amount' ? Math.max(...values) : sum(values);
    expect([key, city.figures.find((one) => one.key === key)?.value]).toEqual([key, whole]);
  }
  expect(city.rounds.map(({ round }) => round)).toEqual(['2023Q3', '2023Q4']);
  expect(city.rounds[1]?.monitor).toBe(sum(briefs.map(({ rounds }) => rounds[1]?.monitor ?? Number.NaN)));
  expect(city.parts.map(({ region }) => region)).toEqual(DISTRICTS);
  expect(city).toMatchObject({ region: '4409', name: '茂名市', asOf: '2023-12-31', illustrative: false });
});

it('a city is complete until the earliest of its districts, and illustrative when one is', () => {
  const [one, two] = [briefOf('440901', '2023-09-30'), { ...briefOf('440902'), illustrative: true }];
  expect(rolledUp(CITY, [two, one])).toMatchObject({ asOf: '2023-09-30', illustrative: true });
});

it('of several documents of a district the newest until the day counts, and a district without one is named', async () => {
  const older = file('older', await first().seal(briefOf('440901', '2023-09-30')));
  const later = file('later', await first().seal(briefOf('440901', '2024-03-31')));
  const { documents, missing } = await open([later, older, ...files.slice(0, 2)], '2023-12-31');
  expect(documents.map(({ claims }) => [claims.district, claims.asOf])).toEqual([
    ['440901', '2023-12-31'],
    ['440902', '2023-12-31'],
  ]);
  expect(missing).toEqual(DISTRICTS.slice(2));
});

it('one doubtful document stops the sum', async () => {
  const brief = briefOf('440901');
  const sound = await first().seal(brief);
  const [, second] = cells;
  const doubtful: [string, unknown, RegExp][] = [
    ['raised', { ...sound, brief: sound.brief.replace(/"value":\d+/, '"value":999999') }, /与签名不符/],
    [
      'foreign-key',
      await (second ?? first()).seal(brief, { claims: { district: '440901' } }),
      /不是 440901 登记的密钥/,
    ],
    ['other-district', await first().seal(briefOf('440902'), { claims: { district: '440901' } }), /与签名不符/],
    ['another-day', await first().seal(brief, { claims: { asOf: '2023-12-30' } }), /与签名不符/],
    ['version', await first().seal(brief, { typ: 'shouwang-brief.v2' }), /版本/],
    ['unknown', await first().seal(briefOf('440999'), { claims: { district: '440999' } }), /信任文件里没有 440999/],
    [
      'off-curve',
      { ...sound, seal: sealBy({ kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }) },
      /签名无效/,
    ],
    ['no-point', { ...sound, seal: sealBy({ kty: 'EC', crv: 'P-256', x: 5, y: {} }) }, /签名无效/],
    ['other-curve', { ...sound, seal: sealBy({ kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA' }) }, /签名无效/],
    [
      'terminal',
      { ...sound, seal: `${Buffer.from('{"typ":"\\u001b[2J"}').toString('base64url')}.e30.` },
      /版本 （无） 不认识/,
    ],
    ['cut', { ...sound, seal: sound.seal.slice(0, -8) }, /签名无效/],
    ['unsigned', { ...sound, seal: `${btoa('{"alg":"none"}')}.e30.` }, /版本|签名无效/],
    ['no-document', { hello: 'world' }, /不是简报文件/],
    ['more', { ...sound, note: 'x' }, /不是简报文件/],
  ];
  for (const [name, content, reason] of doubtful)
    await expect(open([...files.slice(1), file(name, content)]), name).rejects.toThrow(reason);
  writeFileSync(join(folder, 'text.json'), 'not json');
  await expect(open([join(folder, 'text.json')])).rejects.toThrow(/不是简报文件/);
  await expect(open([join(folder, 'absent.json')])).rejects.toThrow(/读不到/);
});

it('districts of elsewhere, twice, or with other figures make no sum', () => {
  const brief = briefOf('440901');
  expect(() => rolledUp(CITY, [])).toThrow('没有可汇总');
  expect(() => rolledUp(CITY, [brief, brief])).toThrow('有两份');
  expect(() => rolledUp(CITY, [briefOf('440104')])).toThrow('不属于茂名市');
  expect(() => rolledUp(CITY, [briefOf('440901001')])).toThrow('不属于茂名市');
  expect(() => rolledUp(CITY, [{ ...brief, figures: brief.figures.slice(1) }])).toThrow('指标与本版本不同');
});

it('the command prints the districts, writes the sum, and says by its exit code whether one is missing', async () => {
  const { execFile } = await import('node:child_process');
  const json = join(folder, 'city.json');
  const html = join(folder, 'city.html');
  const run = (args: string[]) =>
    new Promise<{ code: number; out: string }>((resolve) => {
      execFile(process.execPath, ['operations/roll-up.ts', ...args], (error, out, err) =>
        resolve({ code: Number(error?.code ?? 0), out: out + err }),
      );
    });
  const region = ['--region', '4409', '--name', '茂名市', '--trust', trust, '--json', json, '--html', html];
  const whole = await run([...region, ...files]);
  expect(whole).toMatchObject({ code: 0, out: expect.stringContaining('30 个区县') });
  expect(JSON.parse(readFileSync(json, 'utf8')).parts).toHaveLength(30);
  expect(readFileSync(html, 'utf8')).toContain('茂名市防止返贫监测帮扶简报');
  expect(await run([...region, ...files.slice(1)])).toMatchObject({ code: 1, out: expect.stringContaining('440901') });
  expect(await run([...region, join(folder, 'absent.json')])).toMatchObject({ code: 2 });
  for (const wrong of [['--json', join(folder, 'absent', 'city.json')], ['--until', '20231231'], ['--unknown']])
    expect([wrong, (await run([...region, ...files, ...wrong])).code]).toEqual([wrong, 2]);
  expect((await run(['--thumbprints', files[0] ?? ''])).out).toContain(first().thumbprint);
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
