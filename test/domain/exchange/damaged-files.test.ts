import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readWorkbook } from '../../../functions/api/exchange/workbook/read.ts';
import { Problem } from '../../../functions/contracts/problems.ts';

const RELATIONS = `<Relationships><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>`;

function workbook(sheet: string): Uint8Array {
  return zipSync({
    'xl/workbook.xml': Buffer.from(
      `<workbook xmlns:r="relations"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': Buffer.from(RELATIONS),
    'xl/worksheets/sheet1.xml': Buffer.from(sheet),
  });
}

const sheetOf = (cells: string) => `<worksheet><sheetData><row r="1">${cells}</row></sheetData></worksheet>`;
const whole = workbook(sheetOf('<c r="A1"><v>1</v></c>'));

/** A byte set, so far behind the `n`-th record that begins with a signature. */
function set(signature: number, n: number, offset: number, byte: number): Uint8Array {
  const bytes = Buffer.from(whole);
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(signature);
  let at = -1;
  for (let found = 0; found <= n; found += 1) at = bytes.indexOf(mark, at + 1);
  bytes[at + offset] = byte;
  return bytes;
}

const ENTRY = 0x02014b50;
const FILE = 0x04034b50;

function codeOf(bytes: Uint8Array): string {
  try {
    readWorkbook(bytes);
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return 'read';
}

describe('a workbook', () => {
  it('that is whole is read', () => {
    expect(readWorkbook(whole)[0]?.rows).toHaveLength(1);
  });

  it.each([
    ['is encrypted', set(ENTRY, 0, 8, 1)],
    ['is packed in another way', set(ENTRY, 0, 10, 99)],
    ['has no such entry in its directory', set(ENTRY, 1, 0, 0)],
    ['has no file where its directory says', set(FILE, 1, 0, 0)],
    ['has a file that is longer than it', set(ENTRY, 0, 22, 255)],
  ])('that %s is refused', (_, bytes) => {
    expect(codeOf(bytes)).toBe('sheet-unreadable');
  });

  it.each([
    ['a date that is none', sheetOf('<c r="A1" t="d"><v>2023-13-45</v></c>')],
    ['a number that is none', sheetOf('<c r="A1"><v>many</v></c>')],
    ['a text that is not there', sheetOf('<c r="A1" t="s"><v>7</v></c>')],
    ['a place that is none', sheetOf('<c r="1A"><v>1</v></c>')],
    ['more in each other than anybody writes', `${'<a>'.repeat(300)}${'</a>'.repeat(300)}`],
    ['an element that does not end', '<worksheet><sheetData>'],
  ])('with %s is refused', (_, sheet) => {
    expect(codeOf(workbook(sheet))).toBe('sheet-invalid');
  });
});

describe('a CSV file of other software', () => {
  const table = (sign: string) =>
    ['农户花名册', '行政村编码|户编号|户类型|姓名|家庭住址', '440904001001|1|脱贫户|测试|"东街, 1 号\n后院"']
      .join('\r\n')
      .replaceAll('|', sign);

  it.each([
    [';', '分号'],
    ['\t', '制表符'],
    ['，', '中文逗号'],
    ['；', '全角分号'],
    ['|', '竖线'],
  ])('whose columns are separated by "%s" is told so', (sign, name) => {
    let told: unknown;
    try {
      readWorkbook(Buffer.from(table(sign)));
    } catch (error) {
      told = error;
    }
    expect(told).toMatchObject({ code: 'sheet-unreadable', detail: expect.stringContaining(`用${name}隔开`) });
  });

  it('with commas is read, whatever else stands in its cells', () => {
    const risks = '行政村编码,户编号,致贫返贫风险,备注\n440904001001,1,因病；因学；因灾,"a;b;c;d;e;f\tg"';
    expect(readWorkbook(Buffer.from(risks))[0]?.rows[1]).toHaveLength(4);
    expect(readWorkbook(Buffer.from(table(',')))[0]?.rows).toHaveLength(3);
  });
});
