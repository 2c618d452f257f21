import { unzipSync } from 'fflate';
import { readWorkbook } from '../functions/api/exchange/workbook/read.ts';
import { download, type Written } from '../functions/api/exchange/workbook/write.ts';
import { CSV, XLSX } from '../functions/contracts/exchange/exchange-http.ts';
import type { Cell, Worksheet } from '../functions/domain/exchange/cells.ts';
import type { Answer, As, TestStack } from './stack.ts';

/** A workbook of sheets as bytes. */
export async function workbook(...sheets: [Written, ...Written[]]): Promise<Buffer> {
  const { body } = await download(sheets, 'xlsx', 'test');
  if (!(body instanceof Uint8Array)) throw new Error('A workbook is bytes.');
  return Buffer.from(body);
}

/** A workbook of one sheet. */
export function workbookBytes(rows: readonly (readonly Cell[])[], name = '表'): Promise<Buffer> {
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
  const response = await fetch(`${stack.local.endpoints.api}${path}`, {
    headers: { authorization: `Bearer ${await stack.token(as)}` },
  });
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
export async function upload(
  stack: TestStack,
  path: string,
  as: As,
  bytes: Uint8Array,
  type = 'application/octet-stream',
): Promise<Download> {
  const response = await fetch(`${stack.local.endpoints.api}/v1/exchange/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await stack.token(as)}`, 'content-type': type },
    body: Buffer.from(bytes),
  });
  return downloaded(response);
}

/** The sheet of a downloaded file. */
export async function opened({ bytes, type }: Download, place = 0): Promise<Worksheet> {
  if (type !== XLSX && !type.startsWith(CSV)) throw new Error(`Not a sheet but ${type}: ${bytes.toString('utf8')}`);
  const sheet = readWorkbook(bytes)[place];
  if (sheet === undefined) throw new Error('There is no such sheet.');
  return sheet;
}

/** Rows under the headings of a kind's template, from what each fills in by heading. */
export async function filled(
  stack: TestStack,
  kind: string,
  as: As,
  rows: readonly Record<string, Cell>[],
): Promise<Cell[][]> {
  const { rows: template } = await opened(await get(stack, `/v1/exchange/${kind}/template`, as));
  const titles = (template[0] ?? []).map(String);
  const unknown = rows.flatMap((row) => Object.keys(row).filter((title) => !titles.includes(title)));
  if (unknown.length > 0) throw new Error(`The template has no ${unknown.join()}.`);
  return [titles, ...rows.map((row) => titles.map((title) => row[title] ?? null))];
}

/** A row of a sheet by its headings. */
export function byHeading({ rows }: Worksheet, row: number, header = 0): Record<string, Cell> {
  return Object.fromEntries((rows[header] ?? []).map((title, column) => [String(title), rows[row]?.[column] ?? null]));
}

/** The cells of the first sheet with the colour of a fault, as the spreadsheet names them. */
export function marks({ bytes }: Download): string[] {
  const files = unzipSync(bytes);
  const xml = (name: string) => Buffer.from(files[name] ?? []).toString('utf8');
  const styles = xml('xl/styles.xml');
  const fills = [...(/<fills.*?<\/fills>/s.exec(styles)?.[0] ?? '').matchAll(/<fill>.*?<\/fill>/gs)].map(([fill]) =>
    fill.includes('FFC7CE'),
  );
  const formats = [...(/<cellXfs.*?<\/cellXfs>/s.exec(styles)?.[0] ?? '').matchAll(/<xf [^>]*>/g)].map(
    ([xf]) => fills[Number(/fillId="(\d+)"/.exec(xf)?.[1] ?? 0)] === true,
  );
  const cells = [...xml('xl/worksheets/sheet1.xml').matchAll(/<c [^>]*>/g)].map(([cell]) => cell);
  return cells.flatMap((cell) =>
    formats[Number(/ s="(\d+)"/.exec(cell)?.[1] ?? -1)] ? [/ r="([A-Z]+\d+)"/.exec(cell)?.[1] ?? ''] : [],
  );
}

/** An answer in JSON. */
export function told({ bytes }: Download): Answer['body'] {
  return JSON.parse(bytes.toString('utf8'));
}

/** What became of each row: the code of what is wrong with it, or its outcome. */
export function outcomes(answer: { items: { outcome: string; problem?: { code: string } }[] }): string[] {
  return answer.items.map(({ outcome, problem }) => problem?.code ?? outcome);
}

/** Every faulty cell with its code. */
export function errors(answer: { items: { problem?: { errors: { cell: string; code: string }[] } }[] }): string[] {
  return answer.items.flatMap(({ problem }) => problem?.errors.map(({ cell, code }) => `${cell} ${code}`) ?? []);
}

/** The faults that a dry run finds; that it writes nothing is seen in what the import after it takes in. */
export async function foreseen(stack: TestStack, path: string, as: As, bytes: Uint8Array): Promise<string[]> {
  const { status, bytes: answer } = await upload(
    stack,
    `${path}${path.includes('?') ? '&' : '?'}check=true`,
    as,
    bytes,
  );
  const found = JSON.parse(answer.toString('utf8'));
  const done = Object.keys(found.counts ?? {}).filter((outcome) => outcome !== 'refused' && outcome !== 'not-sent');
  if (status !== 200 || done.length > 0) throw new Error(`The dry run answered ${status}, ${done.join()}.`);
  return errors(found);
}
