import type { Reader } from './xml.ts';

/** The worksheets of a workbook in their order, and how it counts days. */
export interface Contents {
  sheets: { name: string; relation: string; isHidden: boolean }[];
  /** Whether day 0 is 1 January 1904, as old Macintosh versions have it. */
  is1904: boolean;
}

/** Reads `xl/workbook.xml`. */
export function contentsReader(): Reader & { contents: Contents } {
  const contents: Contents = { sheets: [], is1904: false };
  return {
    contents,
    open(path, attributes) {
      const name = path.at(-1);
      if (name === 'workbookPr') contents.is1904 = isTrue(attributes['date1904']);
      // `r:id` comes after `sheetId`, which has a name of its own.
      if (name === 'sheet' && path.at(-2) === 'sheets')
        contents.sheets.push({
          name: attributes['name'] ?? '',
          relation: attributes['id'] ?? '',
          isHidden: (attributes['state'] ?? 'visible') !== 'visible',
        });
    },
  };
}

/** Reads `xl/_rels/workbook.xml.rels`: where each part lies. */
export function relationsReader(): Reader & { targets: Map<string, string> } {
  const targets = new Map<string, string>();
  return {
    targets,
    open(path, attributes) {
      const { Id: id, Target: target } = attributes;
      if (path.at(-1) !== 'Relationship' || id === undefined || target === undefined) return;
      targets.set(id, target.startsWith('/') ? target.slice(1) : `xl/${target}`);
    },
  };
}

/** Reads `xl/sharedStrings.xml`: the texts cells refer to, of rich ones all parts, without the readings written above them. */
export function textsReader(): Reader & { texts: string[] } {
  const texts: string[] = [];
  let current = '';
  return {
    texts,
    open(path) {
      if (path.at(-1) === 'si') current = '';
    },
    close(path, text) {
      if (path.at(-1) === 't' && !path.includes('rPh')) current += text;
      if (path.at(-1) === 'si') texts.push(current);
    },
  };
}

/** Numbers of the formats that show a date or time without saying how: in every language, and in Chinese ones. */
const isBuiltInDate = (format: number) =>
  (format >= 14 && format <= 22) ||
  (format >= 27 && format <= 36) ||
  (format >= 45 && format <= 47) ||
  (format >= 50 && format <= 58);

/** Reads `xl/styles.xml`: which of the cells' styles show a number as a date, and with how many digits at least. */
export function stylesReader(): Reader & { isDate: (style: number) => boolean; digits: (style: number) => number } {
  const custom = new Map<number, string>();
  const formats: number[] = [];
  return {
    isDate: (style) => {
      const format = formats[style];
      if (format === undefined) return false;
      const code = custom.get(format);
      return code === undefined ? isBuiltInDate(format) : showsDate(code);
    },
    digits: (style) => /^0{2,20}$/.exec(custom.get(formats[style] ?? 0) ?? '')?.[0].length ?? 0,
    open(path, attributes) {
      const [name, parent] = [path.at(-1), path.at(-2)];
      if (name === 'numFmt') custom.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      if (name === 'xf' && parent === 'cellXfs') formats.push(Number(attributes['numFmtId'] ?? 0));
    },
  };
}

/** Whether a format has a year, month, day, hour or second outside of what stands there as text, and no digit places of a number. */
function showsDate(code: string): boolean {
  const bare = code
    .slice(0, 255)
    .replaceAll(/"[^"]*"|\\.|_.|\*./g, '')
    .replaceAll(/\[(?!h{1,2}\]|m{1,2}\]|s{1,2}\])[^[\]]*\]/gi, '');
  return /[ymdhs]/i.test(bare) && !/[#0?]/.test(bare.replaceAll(/[hms][.:]0+/gi, ''));
}

export function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}
