import { describe, expect, it } from 'vitest';
import { Random } from '../../../demo/district/random.ts';
import { chunkOf, headingBytes } from '../../../functions/api/exchange/jobs/chunks.ts';
import { readWorkbook } from '../../../functions/api/exchange/workbook/read.ts';
import { kinds } from '../../../functions/domain/exchange/kinds.ts';
import { readTable } from '../../../functions/domain/exchange/reading.ts';

const HEADINGS = '行政村编码,户编号,户类型,姓名,与户主关系,身份证号码,家庭住址';
const kind = kinds.households;

/** What is read of a file chunk by chunk, in pieces of so many bytes. */
function inChunks(file: Buffer, most: number) {
  const heading = headingBytes(kind, file.subarray(0, 400_000), true);
  const drafts: Record<string, unknown>[] = [];
  for (let position = heading; position < file.length; ) {
    const piece = file.subarray(position, position + most);
    const chunk = chunkOf(kind, file.subarray(0, heading), piece, position + piece.length >= file.length);
    if (chunk === undefined) break;
    drafts.push(...chunk.table.drafts.map(({ values }) => Object.fromEntries(values)));
    position += chunk.bytes;
  }
  return drafts;
}

function whole(file: Buffer) {
  const [sheet] = readWorkbook(file);
  if (sheet === undefined) throw new Error('There is no worksheet.');
  return readTable(kind, sheet).drafts.map(({ values }) => Object.fromEntries(values));
}

describe('a file that is read chunk by chunk', () => {
  it.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'says what it says as a whole, wherever its quotation marks stand (%i)',
    (seed) => {
      const random = new Random(`chunks ${seed}`);
      const places = [
        '东街 1 号',
        '管径 5" 旁',
        '""',
        '"东街\r\n""后院"""',
        '"a,b"',
        '"a" ',
        '',
        ' "b',
        'c"',
        '"""\n"',
      ];
      const lines = Array.from({ length: 700 }, (_, n) => {
        const number = Math.floor(n / 2) + 1;
        const row = `440904001001,${number},${n % 2 === 0 ? '脱贫户' : ''},测试${n},户主,,${random.pick(places)}`;
        return random.chance(0.03) ? `${row}${random.pick(['\r\n,,,,,,', '\n'])}` : row;
      });
      const end = random.pick(['\n', '\r\n', '\r']);
      const heading = random.pick([HEADINGS, `\uFEFF${HEADINGS}`, `\uFEFF"行政村编码"${HEADINGS.slice(5)}`]);
      const file = Buffer.from([heading, ...lines].join(end));
      expect(inChunks(file, random.pick([4_000, 20_000, 400_000]))).toEqual(whole(file));
    },
  );

  it('may have a thousand blank rows above, between and below its groups, as spreadsheets write them', () => {
    const blank = Array.from({ length: 1_100 }, () => ',,,,,,');
    const family = (n: number) => [
      `440904001001,${n},脱贫户,测试${n},户主,,东街`,
      `440904001001,${n},,测试幼${n},之子,,`,
    ];
    const file = Buffer.from([HEADINGS, ...blank, ...family(1), ...blank, ...family(2), ...blank, ''].join('\r\n'));
    expect(inChunks(file, 400_000)).toEqual(whole(file));
  });
});
