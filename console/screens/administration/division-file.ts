import { type Divisions, divisions } from '../../../functions/contracts/regions.ts';

/** What a file of divisions holds, or the line (from 1) that is none of a division; 0 when it is the whole. */
export type DivisionFile = { divisions: Divisions } | { line: number };

/**
 * Reads a district's divisions from a file: JSON as the API takes it, or the table the National Bureau of Statistics publishes, a code of twelve digits
 * and a name in each line, in which zeros at the end of a code make it a town's or the district's. What contradicts itself the API says.
 */
export function readDivisionFile(bytes: Uint8Array): DivisionFile {
  const text = textOf(bytes);
  const read = text.trimStart().startsWith('{') ? jsonOf(text) : readTable(text);
  if (typeof read === 'number') return { line: read };
  const { success, data } = divisions.safeParse(read);
  return success ? { divisions: data } : { line: 0 };
}

/** A spreadsheet saved as text on a Chinese machine is in GB 18030, unless somebody chose UTF-8. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return 0;
  }
}

/** @returns the line that cannot be read when there is one */
function readTable(text: string): unknown {
  let district: { code: string; name: string } | undefined;
  const towns = new Map<string, { code: string; name: string; villages: { code: string; name: string }[] }>();
  for (const [place, line] of text.split(/\r?\n/).entries()) {
    const [code = '', name = ''] = line.split(/[,，;\t]/).map((cell) => cell.trim().replace(/^"|"$/g, ''));
    // An empty line, and the heads of the columns.
    if (line.trim() === '' || (place === 0 && !/\d/.test(code))) continue;
    if (!/^(\d{6}|\d{9}|\d{12})$/.test(code) || name === '') return place + 1;
    const significant = code.padEnd(12, '0').replace(/^(\d{6})0{6}$|^(\d{9})000$/, '$1$2');
    // A second one would take the villages of the first away.
    if (significant.length === 6 ? district !== undefined : towns.has(significant)) return place + 1;
    if (significant.length === 6) district = { code: significant, name };
    else if (significant.length === 9) towns.set(significant, { code: significant, name, villages: [] });
    else {
      const town = towns.get(significant.slice(0, 9));
      if (town === undefined) return place + 1;
      town.villages.push({ code: significant, name });
    }
  }
  return district === undefined ? 0 : { district, towns: [...towns.values()] };
}
