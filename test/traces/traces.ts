import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inflateRawSync } from 'node:zlib';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { routes } from '../../functions/api/routes.ts';
import type { BusEvent } from '../../local/events.ts';
import type { LocalStack } from '../../local/index.ts';
import { Secrets, type What } from './secrets.ts';

/**
 * Where what somebody told of a person may stand in clear, and every place where it does: docs/privacy.md names each, with the reason. In the table by kind of
 * item and field; on the disk by the part of the system, an object by its folder; in answers by the route.
 */
export const PLACES: readonly string[] = [
  'name VILLAGE HOUSEHOLD doc.members.name',
  'name VILLAGE VERSION doc.change.household.members.name',
  'name VILLAGE VERSION doc.change.member.name',
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

/** Everything about people that was sent to an API from here on, and every whole number that it answered. */
export interface Heard {
  /** The invented ID numbers, phones, accounts and names, and what each is. */
  sent: Secrets;
  /** `<what> <route>` for each whole number in an answer. */
  answered: () => Promise<Set<string>>;
  stop: () => void;
}

/** Listens to this process's requests. Names are people's only where a number stands beside them: officials have names too. */
export function listen(): Heard {
  const real = globalThis.fetch;
  const sent = new Secrets();
  // Of an answer its long numbers: which of them are people's is known when everything was sent.
  const answers = new Set<string>();
  const reading = new Set<Promise<void>>();
  globalThis.fetch = async (input, init) => {
    const answer = await real(input, init);
    const { pathname } = new URL(String(input));
    const route = routeOf(init?.method ?? 'GET', pathname);
    if (route === undefined) return answer;
    if (typeof init?.body === 'string') collect(JSON.parse(init.body), sent);
    const read = answer
      .clone()
      .text()
      .then((text) => {
        for (const [figures] of text.matchAll(/\d{11,}X?/g)) answers.add(`${route}\n${figures}`);
        reading.delete(read);
      });
    reading.add(read);
    return answer;
  };
  return {
    sent,
    stop: () => {
      globalThis.fetch = real;
    },
    answered: async () => {
      await Promise.all(reading);
      const found = new Set<string>();
      for (const answer of answers) {
        const [route = '', figures = ''] = answer.split('\n');
        for (const what of sent.in(figures)) found.add(`${what} ${route}`);
      }
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

function collect(value: unknown, into: Secrets): void {
  if (Array.isArray(value)) for (const each of value) collect(each, into);
  if (typeof value !== 'object' || value === null) return;
  let hasNumber = false;
  for (const [key, field] of Object.entries(value)) {
    const [what, shape] = numbers[key] ?? [];
    if (what !== undefined && typeof field === 'string' && shape?.test(field) === true) {
      into.add(field, what);
      hasNumber = true;
    } else collect(field, into);
  }
  const name: unknown = Object(value).name;
  if (hasNumber && typeof name === 'string') into.add(name, 'name');
}

/** Where each of these stands in the table, by kind of item and field. */
export async function tracesOf(stack: LocalStack, sent: Secrets): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const item of everyItem(stack)) {
    const kind = kindOf(String(item['pk']), String(item['sk']));
    note(item, [], (path, text) => {
      for (const what of sent.in(text)) found.add(`${what} ${kind} ${path.join('.')}`);
    });
  }
  return found;
}

/** The kinds of events in which one of these stands. The bus itself remembers only the last thousand: who looks at a year collects them. */
export function tracesInEvents(events: readonly BusEvent[], sent: Secrets): Set<string> {
  const found = new Set<string>();
  for (const event of events)
    for (const what of sent.in(JSON.stringify(event))) found.add(`${what} event ${event['detail-type']}`);
  return found;
}

/** Every ciphertext of the table. */
export async function ciphersOf(stack: LocalStack): Promise<string[]> {
  const found: string[] = [];
  for await (const item of everyItem(stack))
    note(item, [], (path, text) => {
      // An erased one is empty.
      if (path.at(-1)?.endsWith('Cipher') === true && text !== '') found.push(text);
    });
  return found;
}

/** The files below a stopped stack's folder in which one of these stands; objects by their folder in the bucket. */
export function tracesOnDisk(folder: string, sent: Secrets): Set<string> {
  const found = new Set<string>();
  const objects = new Map(
    new DatabaseSync(join(folder, 'storage', 'objects.db'), { readOnly: true })
      .prepare('SELECT key, file FROM objects')
      .all()
      .map(({ key, file }) => [String(file), String(key).split('/')[0]]),
  );
  for (const file of filesBelow(folder)) {
    const [place = ''] = file.slice(folder.length + 1).split('/');
    const part = place === 'storage' ? `storage ${objects.get(basename(file))}` : place;
    for (const what of sent.inBytes(readFileSync(file))) found.add(`${what} file ${part}`);
  }
  return found;
}

async function* everyItem({ endpoints, operator }: LocalStack): AsyncGenerator<Record<string, unknown>> {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: endpoints.dynamodb, region: 'us-east-1', credentials: operator }),
  );
  const { TableNames: [TableName] = [] } = await client.send(new ListTablesCommand({}));
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) yield* Items;
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
