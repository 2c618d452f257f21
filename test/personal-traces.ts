import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { routes } from '../functions/api/routes.ts';
import type { TestStack } from './stack.ts';

/**
 * Where what somebody told of a person may stand in clear, and every place where it does: docs/privacy.md names each, with the reason. In the table by kind of
 * item and field; on the disk by the part of the system, an object by its folder; in answers by the route.
 */
export const PLACES: readonly string[] = [
  'name VILLAGE HOUSEHOLD doc.members.name',
  'name VILLAGE VERSION doc.change.household.members.name',
  'name POLICY INSURED doc.name',
  'name CLAIM CLAIM doc.payee.name',
  'name PAYOUT PAYOUT doc.payeeName',
  'name file dynamodb',
  'name file storage exchange',
  'idNumber POST /v1/households/{id}/reveal',
  'idNumber POST /v1/people/{id}/export',
  'phone POST /v1/people/{id}/export',
  'account GET /v1/payouts/batches/{id}',
];

export type What = 'idNumber' | 'phone' | 'account' | 'name';

/** Everything about people that was sent to an API from here on, and every whole number that it answered. */
export interface Heard {
  /** The invented ID numbers, phones, accounts and names, and what each is. */
  sent: Map<string, What>;
  /** `<what> <route>` for each whole number in an answer. */
  answered: () => Promise<Set<string>>;
  stop: () => void;
}

/** Listens to this process's requests. Names are people's only where a number stands beside them: officials have names too. */
export function listen(): Heard {
  const real = globalThis.fetch;
  const sent = new Map<string, What>();
  const answers: Promise<{ route: string; text: string }>[] = [];
  globalThis.fetch = async (input, init) => {
    const answer = await real(input, init);
    const { pathname } = new URL(String(input));
    const route = routeOf(init?.method ?? 'GET', pathname);
    if (route === undefined) return answer;
    if (typeof init?.body === 'string') collect(JSON.parse(init.body), sent);
    answers.push(
      answer
        .clone()
        .text()
        .then((text) => ({ route, text })),
    );
    return answer;
  };
  return {
    sent,
    stop: () => {
      globalThis.fetch = real;
    },
    answered: async () => {
      const found = new Set<string>();
      for (const { route, text } of await Promise.all(answers))
        for (const [secret, what] of sent) if (what !== 'name' && text.includes(secret)) found.add(`${what} ${route}`);
      return found;
    },
  };
}

const patterns = Object.values(routes).map(({ method, path }) => ({
  name: `${method} ${path}`,
  method,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
}));

function routeOf(method: string, path: string): string | undefined {
  return patterns.find((one) => one.method === method && one.pattern.test(path))?.name;
}

const numbers: Readonly<Record<string, readonly [What, RegExp]>> = {
  idNumber: ['idNumber', /^\d{17}[\dX]$/],
  phone: ['phone', /^1\d{10}$/],
  contact: ['phone', /^1\d{10}$/],
  account: ['account', /^\d{12,}$/],
};

function collect(value: unknown, into: Map<string, What>): void {
  if (Array.isArray(value)) for (const each of value) collect(each, into);
  if (typeof value !== 'object' || value === null) return;
  let hasNumber = false;
  for (const [key, field] of Object.entries(value)) {
    const [what, shape] = numbers[key] ?? [];
    if (what !== undefined && typeof field === 'string' && shape?.test(field) === true) {
      into.set(field, what);
      hasNumber = true;
    } else collect(field, into);
  }
  const name: unknown = Object(value).name;
  if (hasNumber && typeof name === 'string') into.set(name, 'name');
}

/** Where each of these stands: in the table by kind of item and field, on the disk by the part of the system. */
export async function tracesOf(stack: TestStack, sent: ReadonlyMap<string, What>): Promise<Set<string>> {
  const found = new Set<string>();
  for (const item of await everyItem(stack)) {
    const kind = kindOf(String(item['pk']), String(item['sk']));
    note(item, [], (path, text) => {
      for (const [secret, what] of sent) if (text.includes(secret)) found.add(`${what} ${kind} ${path.join('.')}`);
    });
  }
  for (const { type, detail } of stack.local.events.last.map((event) => ({
    type: event['detail-type'],
    detail: event,
  })))
    for (const [secret, what] of sent) if (JSON.stringify(detail).includes(secret)) found.add(`${what} event ${type}`);
  return found;
}

/** Every ciphertext of the table. */
export async function ciphersOf(stack: TestStack): Promise<string[]> {
  const found: string[] = [];
  for (const item of await everyItem(stack))
    note(item, [], (path, text) => {
      // An erased one is empty.
      if (path.at(-1)?.endsWith('Cipher') === true && text !== '') found.push(text);
    });
  return found;
}

/** The files below a stopped stack's folder in which one of these stands; objects by their folder in the bucket. */
export function tracesOnDisk(folder: string, sent: ReadonlyMap<string, What>): Set<string> {
  const found = new Set<string>();
  const objects = new Map(
    new DatabaseSync(join(folder, 'storage', 'objects.db'), { readOnly: true })
      .prepare('SELECT key, file FROM objects')
      .all()
      .map(({ key, file }) => [String(file), String(key).split('/')[0]]),
  );
  for (const file of filesBelow(folder)) {
    const bytes = readFileSync(file);
    const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    const [place = ''] = file.slice(folder.length + 1).split('/');
    const part = place === 'storage' ? `storage ${objects.get(basename(file))}` : place;
    for (const [secret, what] of sent) if (text.includes(secret)) found.add(`${what} file ${part}`);
  }
  return found;
}

async function everyItem(stack: TestStack): Promise<Record<string, unknown>[]> {
  const { endpoints, operator } = stack.local;
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: endpoints.dynamodb, region: 'us-east-1', credentials: operator }),
  );
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const items: Record<string, unknown>[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: TableNames[0], ExclusiveStartKey: start }));
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

/** `VILLAGE HOUSEHOLD`; of a list, whose sort keys begin with a place or time, its partition alone. */
function kindOf(pk: string, sk: string): string {
  const [partition = ''] = pk.split('#');
  const [kind = ''] = sk.split('#');
  return /^[A-Z-]+$/.test(kind) ? `${partition} ${kind}` : partition;
}

/** Tells every text of an item with its path, those inside packed and JSON texts too. */
function note(value: unknown, path: readonly string[], tell: (path: readonly string[], text: string) => void): void {
  if (value instanceof Uint8Array) {
    try {
      note(JSON.parse(inflateRawSync(value).toString()), path, tell);
    } catch {
      tell(path, Buffer.from(value).toString('latin1'));
    }
  } else if (typeof value === 'string') {
    if (/^[[{]/.test(value)) note(JSON.parse(value), path, tell);
    else tell(path, value);
  } else if (Array.isArray(value)) for (const each of value) note(each, path, tell);
  else if (typeof value === 'object' && value !== null)
    for (const [key, field] of Object.entries(value)) note(field, [...path, key], tell);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) =>
    statSync(join(folder, name)).isDirectory() ? filesBelow(join(folder, name)) : [join(folder, name)],
  );
}
