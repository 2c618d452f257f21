import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../../../demo/district/random.ts';
import { readWorkbook } from '../../../functions/api/exchange/workbook/read.ts';
import { Problem } from '../../../functions/contracts/problems.ts';
import { type Cell, day, NO_RESULT } from '../../../functions/domain/exchange/cells.ts';
import { kinds } from '../../../functions/domain/exchange/kinds.ts';
import { readTable } from '../../../functions/domain/exchange/reading.ts';

const CONTENT = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`;
const RELATIONS = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>`;
const STYLES = `<styleSheet xmlns="main"><numFmts count="2"><numFmt numFmtId="165" formatCode="0000"/><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`;

interface Parts {
  sheet: string;
  strings?: string;
  properties?: string;
}

function parts({ sheet, strings = '', properties = '' }: Parts): Record<string, string> {
  return {
    '[Content_Types].xml': CONTENT,
    'xl/workbook.xml': `<workbook xmlns="main" xmlns:r="relations"><workbookPr${properties}/><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': RELATIONS,
    'xl/styles.xml': STYLES,
    'xl/sharedStrings.xml': `<sst xmlns="main">${strings}</sst>`,
    'xl/worksheets/sheet1.xml': sheet,
  };
}

function packed(files: Record<string, string>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])));
}

const sheetOf = (rows: string) => `<worksheet xmlns="main"><sheetData>${rows}</sheetData></worksheet>`;
const workbookOf = (rows: string, more: Partial<Parts> = {}) => packed(parts({ sheet: sheetOf(rows), ...more }));
const rowsOf = (bytes: Uint8Array) => readWorkbook(bytes)[0]?.rows;

/** The same XML as other programs write it. */
const spellings: Record<string, (xml: string) => string> = {
  'as Excel does': (xml) => xml,
  'with a prefix': (xml) => xml.replaceAll(/<(\/?)(?=[A-Za-z])/g, '<$1x:').replaceAll(' xmlns="', ' xmlns:x="'),
  'in single quotes': (xml) => xml.replaceAll(/="([^"']*)"/g, "='$1'"),
  'with spaces': (xml) => xml.replaceAll(/="/g, ' = "').replaceAll('/>', '\n/>'),
};

describe.each(Object.entries(spellings))('a workbook written %s', (_, spelled) => {
  const read = (rows: string, more: Partial<Parts> = {}) => {
    const files = parts({ sheet: sheetOf(rows), ...more });
    return rowsOf(packed(Object.fromEntries(Object.entries(files).map(([name, xml]) => [name, spelled(xml)]))));
  };

  it('is read into the same cells', () => {
    const strings = '<si><t>户主</t></si><si><r><t>分</t></r><r><t>段</t></r><rPh sb="0" eb="1"><t>fen</t></rPh></si>';
    const rows = read(
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="3"><c r="B3"><v>0.30000000000000004</v></c><c r="C3" s="1"><v>44931</v></c><c r="D3" s="2"><v>44931.5</v></c><c r="E3" t="b"><v>1</v></c><c r="F3" t="inlineStr"><is><t>甲</t></is></c><c r="G3" s="1"/></row>',
      { strings },
    );
    expect(rows).toEqual([
      ['户主', null, '分段', null, null, null],
      [null, null, null, null, null, null],
      [
        null,
        { number: '0.30000000000000004' },
        { at: '2023-01-05T00:00:00' },
        { at: '2023-01-05T12:00:00' },
        true,
        '甲',
      ],
    ]);
  });

  it('tells a formula without a result, or that failed, from an empty cell', () => {
    expect(
      read(
        '<row r="1"><c r="A1"><f>TODAY()</f></c><c r="B1" t="e"><v>#REF!</v></c><c r="C1"><f>1+1</f><v>2</v></c></row>',
      ),
    ).toEqual([[NO_RESULT, NO_RESULT, { number: '2' }]]);
  });

  it.each(['AAA4', 'A100000', 'XFD1048576'])('with something in %s is too large', (place) => {
    const row = place.replace(/\D/g, '');
    expect(() => read(`<row r="${row}"><c r="${place}"><v>1</v></c></row>`)).toThrow(problem('sheet-too-large'));
    // A colour there is nothing.
    expect(read(`<row r="${row}"><c r="${place}" s="1"/></row>`)).toEqual([]);
  });

  it('has the zeros in front of a number that it is shown with, and none where digits are lost', () => {
    expect(
      read(
        '<row r="1"><c r="A1" s="3"><v>7</v></c><c r="B1" s="3"><v>12345</v></c><c r="C1" s="3"><v>1.5</v></c></row>',
      ),
    ).toEqual([['0007', { number: '12345' }, { number: '1.5' }]]);
  });

  it('that counts days from 1904 tells the same days, whether its cells are shown as dates or not', () => {
    const rows = read(
      '<row r="1"><c r="A1" s="1"><v>43469</v></c><c r="B1"><v>43469</v></c><c r="C1"><v>20230105</v></c></row>',
      {
        properties: ' date1904="1"',
      },
    );
    const told = rows?.[0]?.map((cell: Cell) => (cell === null ? null : day(cell)));
    expect(told).toEqual([{ value: '2023-01-05' }, { value: '2023-01-05' }, { value: '2023-01-05' }]);
  });
});

function problem(code: string) {
  return expect.objectContaining({ name: 'Problem', code });
}

/** Files made to hang or fill a reader, and what each is answered. */
const MANY = 2_000_000;
const hostile: [string, () => Uint8Array, string][] = [
  ['an element that never ends', () => workbookOf('<c '.repeat(70_000)), 'sheet-invalid'],
  ['rows that never end', () => workbookOf('<row>'.repeat(MANY)), 'sheet-invalid'],
  ['cells without number', () => workbookOf(`<row>${'<c/>'.repeat(MANY)}</row>`), 'sheet-too-large'],
  ['filled cells without number', () => workbookOf('<row><c><v>1</v></c></row>'.repeat(MANY / 4)), 'sheet-too-large'],
  [
    'far references in single quotes',
    () => workbookOf("<row r='40000'><c r='AAA40000'><v>1</v></c></row>"),
    'sheet-too-large',
  ],
  [
    'a wide cell in every row',
    () =>
      workbookOf(
        Array.from({ length: 90_000 }, (_, n) => `<row r="${n + 1}"><c r="ZZ${n + 1}"><v>1</v></c></row>`).join(''),
      ),
    'sheet-too-large',
  ],
  [
    'a document type',
    () =>
      workbookOf('', { strings: '' }).length > 0
        ? packed(parts({ sheet: `<!DOCTYPE a [<!ENTITY x "y">]>${sheetOf('<row><c t="str"><v>&x;</v></c></row>')}` }))
        : new Uint8Array(),
    'sheet-invalid',
  ],
  [
    'numbered entities',
    () => workbookOf(`<row><c t="str"><v>${'&#65;'.repeat(MANY)}</v></c></row>`),
    'sheet-too-large',
  ],
  [
    'attributes',
    () => workbookOf(`<row ${Array.from({ length: 200_000 }, (_, n) => `a${n}="1"`).join(' ')}/>`),
    'sheet-invalid',
  ],
  [
    'a shared text in every cell',
    () =>
      workbookOf('<row><c t="s"><v>0</v></c></row>'.repeat(9_000), {
        strings: `<si><t>${'长'.repeat(32_000)}</t></si>`,
      }),
    'sheet-too-large',
  ],
  [
    'a text longer than a cell',
    () => workbookOf(`<row><c t="str"><v>${'长'.repeat(40_000)}</v></c></row>`),
    'sheet-too-large',
  ],
  ['a number that is none', () => workbookOf('<row><c><v>1e999</v></c></row>'), 'sheet-invalid'],
  ['a reference to no text', () => workbookOf('<row><c t="s"><v>7</v></c></row>'), 'sheet-invalid'],
  [
    'bytes that unpack without end',
    () => zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(65 * 1024 * 1024) }),
    'sheet-too-large',
  ],
  [
    'names that are no UTF-8',
    () =>
      zipSync({
        ...Object.fromEntries(Object.entries(parts({ sheet: '' })).map(([name, xml]) => [name, Buffer.from(xml)])),
        'xl/worksheets/sheet1.xml': Buffer.from([0x3c, 0xff, 0xfe, 0x3e]),
      }),
    'sheet-invalid',
  ],
  ['commas', () => Buffer.from(','.repeat(4_000_000)), 'sheet-too-large'],
  ['lines', () => Buffer.from('\n'.repeat(4_000_000)), 'sheet-too-large'],
  ['a quotation that never ends', () => Buffer.from(`"${'a'.repeat(4_000_000)}`), 'sheet-unreadable'],
  ['doubled quotation marks', () => Buffer.from('"'.repeat(4_000_001)), 'sheet-unreadable'],
];

/** A thread with the memory a function has for it: what does not fit ends the thread, and the test. */
const reader = new Worker(new URL('./reading-thread.ts', import.meta.url), {
  resourceLimits: { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 64 },
});
afterAll(() => reader.terminate());

async function inThread(bytes: Uint8Array): Promise<string> {
  reader.postMessage(bytes);
  const [answer] = await once(reader, 'message');
  return answer;
}

/** Of so many pieces: whoever looks at a piece once for each other one is not done when the test's time is over. */
it.each(hostile)('a file of %s is answered within 256 MiB', async (_, made, code) => {
  expect(await inThread(made())).toBe(code);
});

it('a gap in the middle of a cell or heading is looked through once', () => {
  // For each of its characters once, hundreds of rows would take the better part of an hour.
  const long = (length: number) => [`2023-1-1${' '.repeat(length)}x`, '('.repeat(length), `${' '.repeat(length)}x `];
  for (const kind of Object.values(kinds)) {
    const titles = kind.columns.map(({ title }) => title);
    const rows = Array.from({ length: 300 }, (_, row) =>
      titles.map((_, column) => long(3_900)[(row + column) % 3] ?? ''),
    );
    const { drafts, faults } = readTable(kind, { name: '', rows: [[...titles, ...long(32_000)], ...rows] });
    expect(faults.map(({ code }) => code)).toEqual(['unknown-column', 'unknown-column', 'unknown-column']);
    expect(drafts.flatMap((draft) => draft.rows)).toHaveLength(rows.length);
  }
});

describe('of two thousand files made at random', () => {
  const pieces = [
    '<c',
    ' r="A1"',
    " r='ZZZ9'",
    ' t="s"',
    '<v>',
    '</v>',
    '1',
    '</c>',
    '<row',
    '>',
    '/>',
    '<f>',
    '&amp;',
    '&#x41;',
    '&x;',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?p',
    '?>',
    '<x:c',
    '</x:c>',
    '<is>',
    '<t>',
    '</t></is>',
    '</row>',
    ' ',
    '\u0000',
    '"',
    "'",
    '=',
    '<',
    '年',
  ];

  /** A sound workbook with something struck, doubled or put in; a torn archive; or a text that may be CSV. */
  function made(random: Random): Uint8Array {
    const sound =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>44931</v></c></row><row r="2"><c r="A2"><f>1</f></c></row>';
    const files = parts({ sheet: sheetOf(sound), strings: '<si><t>户主</t></si>' });
    const kind = random.int(0, 3);
    if (kind === 0)
      return Buffer.from(
        Array.from({ length: random.int(0, 60) }, () => random.pick([...pieces, ',', '\n', '"'])).join(''),
      );
    const name = random.pick(Object.keys(files));
    let xml = files[name] ?? '';
    for (let n = random.int(0, 4); n > 0; n -= 1) {
      const at = random.int(0, xml.length);
      const put = Array.from({ length: random.int(0, 5) }, () => random.pick(pieces)).join('');
      xml = xml.slice(0, at) + put + xml.slice(at + random.int(0, 3));
    }
    const bytes = packed({ ...files, [name]: xml });
    if (kind < 3) return bytes;
    for (let n = random.int(1, 6); n > 0; n -= 1) bytes[random.int(0, bytes.length - 1)] = random.int(0, 255);
    return bytes.subarray(0, random.int(4, bytes.length));
  }

  it('each is read or refused as a problem, and never anything else', () => {
    const random = new Random('hostile files');
    const answers = new Map<string, number>();
    for (let n = 0; n < 2000; n += 1) {
      const code = answerTo(made(random));
      answers.set(code, (answers.get(code) ?? 0) + 1);
    }
    expect([...answers.keys()].sort()).toEqual(expect.arrayContaining(['read', 'sheet-invalid', 'sheet-unreadable']));
    expect([...answers.keys()].filter((code) => !/^(read|sheet-[a-z-]+)$/.test(code))).toEqual([]);
  });
});

function answerTo(bytes: Uint8Array): string {
  try {
    for (const sheet of readWorkbook(bytes)) readTable(kinds.households, sheet);
    return 'read';
  } catch (error) {
    return error instanceof Problem ? error.code : `${error}`;
  }
}
