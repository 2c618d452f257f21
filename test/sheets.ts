import { readSheets } from '../functions/api/sheets/read.ts';
import { download, type Written } from '../functions/api/sheets/write.ts';
import { CSV, XLSX } from '../functions/contracts/http/exchange.ts';
import type { Cell, Sheet } from '../functions/domain/exchange/cells.ts';
import type { As, TestStack } from './stack.ts';

/** A workbook of sheets as bytes. */
export async function workbook(...sheets: [Written, ...Written[]]): Promise<Buffer> {
  const { body } = await download(sheets, 'xlsx', 'test');
  if (!(body instanceof Uint8Array)) throw new Error('A workbook is bytes.');
  return Buffer.from(body);
}

/** A workbook of one sheet. */
export function sheetBytes(rows: readonly (readonly Cell[])[], name = '表'): Promise<Buffer> {
  return workbook({ name, rows });
}

interface Download {
  status: number;
  type: string;
  disposition: string;
  bytes: Buffer;
}

/** A file as a browser gets it. */
export async function get(stack: TestStack, path: string, as: As): Promise<Download> {
  const response = await fetch(`${stack.local.endpoints.api}${path}`, { headers: { authorization: `Bearer ${await stack.token(as)}` } });
  return downloaded(response);
}

async function downloaded(response: Response): Promise<Download> {
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    disposition: response.headers.get('content-disposition') ?? '',
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

/** Sends a file in, as a browser does. */
export async function upload(stack: TestStack, path: string, as: As, bytes: Uint8Array, type = 'application/octet-stream'): Promise<Download> {
  const response = await fetch(`${stack.local.endpoints.api}/v1/exchange/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await stack.token(as)}`, 'content-type': type },
    body: Buffer.from(bytes),
  });
  return downloaded(response);
}

/** The sheet of a downloaded file. */
export async function opened({ bytes, type }: Download, place = 0): Promise<Sheet> {
  if (type !== XLSX && !type.startsWith(CSV)) throw new Error(`Not a sheet but ${type}: ${bytes.toString('utf8')}`);
  const sheet = (await readSheets(bytes))[place];
  if (sheet === undefined) throw new Error('There is no such sheet.');
  return sheet;
}

/** An answer in JSON. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and assert what they find.
export function told({ bytes }: Download): any {
  return JSON.parse(bytes.toString('utf8'));
}
