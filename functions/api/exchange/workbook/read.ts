import { unzipSync, zipSync } from 'fflate';
import readWorkbook from 'read-excel-file/universal';
import { Problem } from '../../../contracts/problems.ts';
import { type Cell, NO_RESULT, type Sheet } from '../../../domain/exchange/cells.ts';
import { readCsv } from '../../../domain/exchange/csv.ts';

/** What a workbook may unpack to: some twenty times the largest honest one. */
const LARGEST_UNPACKED = 64 * 1024 * 1024;
/** A cell in the hundred-thousandth row, or in a column of three letters, makes a reader allocate everything before it. */
const FAR_AWAY = /<(row|c)\b[^>]*\br="([A-Z]{3,}\d|[A-Z]*\d{6})/;

/**
 * The sheets of a file, whichever kind it is: its first bytes tell, not its name.
 * @throws Problem sheet-unreadable, sheet-too-large, sheet-encoding
 */
export async function readSheets(bytes: Uint8Array): Promise<Sheet[]> {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  if (head.startsWith('PK')) return readXlsx(bytes);
  if (head === '\xd0\xcf\x11\xe0')
    throw new Problem('sheet-unreadable', { detail: '这是旧版 .xls 文件，或是加密的文件，请另存为不加密的 .xlsx。' });
  const rows = readCsv(decoded(bytes));
  if (rows === undefined) throw new Problem('sheet-unreadable', { detail: 'CSV 文件中有引号没有成对。' });
  return [{ name: 'CSV', rows }];
}

async function readXlsx(bytes: Uint8Array): Promise<Sheet[]> {
  const safe = unpacked(bytes);
  try {
    const sheets = await readWorkbook(safe, { parseNumber: (number) => ({ number }) });
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data.map((row) => row.map(cellOf)) }));
  } catch {
    throw new Problem('sheet-unreadable');
  }
}

/** The same workbook, unpacked and measured, and packed again without compression: nothing it says of itself is believed after that. */
function unpacked(bytes: Uint8Array): ArrayBuffer {
  let size = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        const wanted = name.endsWith('.xml') || name.endsWith('.rels');
        size += wanted ? originalSize : 0;
        if (size > LARGEST_UNPACKED) throw new Problem('sheet-too-large');
        return wanted;
      },
    });
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('sheet-unreadable');
  }
  const tidy = Object.entries(files).map(([name, content]): [string, Uint8Array] => [
    name,
    /^xl\/worksheets\/[^/]+\.xml$/.test(name) ? tidied(content) : content,
  ]);
  const packed = zipSync(Object.fromEntries(tidy), { level: 0 });
  const copy = new ArrayBuffer(packed.length);
  new Uint8Array(copy).set(packed);
  return copy;
}

/** A sheet without the cells that only have a colour or a border; a formula without a result, which a reader takes for an empty cell, says so. */
function tidied(content: Uint8Array): Uint8Array {
  const xml = Buffer.from(content).toString('utf8');
  const tidy = xml
    .replace(/<c\b[^>]*(\/>|><\/c>)/g, '')
    .replace(/<c\b([^>]*)>(.*?)<\/c>/gs, (cell, attributes: string, inside: string) =>
      / t="e"/.test(attributes) || (inside.includes('<f') && !inside.includes('<v>'))
        ? `<c${/ r="[A-Z]+\d+"/.exec(attributes)?.[0] ?? ''} t="inlineStr"><is><t>${NO_RESULT}</t></is></c>`
        : cell,
    )
    .replace(/<row\b[^>]*(\/>|><\/row>)/g, '');
  if (FAR_AWAY.test(tidy)) throw new Problem('sheet-too-large');
  return Buffer.from(tidy);
}

function cellOf(cell: unknown): Cell {
  if (typeof cell === 'string') return cell === '' ? null : cell;
  if (typeof cell === 'boolean') return cell;
  if (cell instanceof Date) return { at: cell.toISOString().slice(0, 19) };
  if (typeof cell === 'object' && cell !== null && 'number' in cell) return { number: String(cell.number) };
  return null;
}

/** UTF-8 with or without its mark, or what Excel writes in China. */
function decoded(bytes: Uint8Array): string {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
      // Where the gateway took other bytes for UTF-8 it has put this sign, and nothing brings them back.
      if (text.includes('\uFFFD') || text.includes('\0')) throw new Problem('sheet-encoding');
      return text;
    } catch (error) {
      if (error instanceof Problem) throw error;
    }
  }
  throw new Problem('sheet-encoding');
}
