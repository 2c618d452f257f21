import { readyAccounts } from '../../demo/accounts.ts';
import { Random } from '../../demo/district/random.ts';
import { routes } from '../../functions/api/routes.ts';
import { problems } from '../../functions/contracts/problems.ts';
import type { Route } from '../../functions/runtime/http.ts';
import { insureWith, registerFamilies, rosterOf } from '../playing-claims.ts';
import { OTHER_VILLAGE, openRound, register, VILLAGE } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';
import { workbookBytes } from '../workbooks.ts';
import { HOSTILE_TEXTS, spoilt, spoiltText } from './hostile.ts';
import { type Schema, Shapes } from './shapes.ts';

interface Parameter {
  name: string;
  in: 'path' | 'query';
  schema: Schema;
}

interface Operation {
  path: string;
  method: string;
  function: string;
  roles: 'public' | string[];
  parameters: Parameter[];
  body: Schema | undefined;
  takesFiles: boolean;
  answers: Route['answers'];
}

/** One request as it was sent, and what is wrong with the answer. */
export interface Fault {
  seed: number;
  request: string;
  answer: string;
  wrong: string;
}

/** Functions that write though they refuse: they count callers whom nobody knows, so that nobody can ask without end. */
const COUNTS_CALLERS = new Set(['clues', 'claim-reports', 'notices', 'public', 'declarations']);

const ROLES = [...readyAccounts('440904').map(({ account }) => account), ''];

/** A system with something of everything in it, and the questions that its own description allows. */
export class Attack {
  readonly #stack: TestStack;
  readonly #operations: readonly Operation[];
  readonly #known: ReadonlySet<string>;
  readonly #book: Uint8Array;
  /** The household of each person. */
  readonly #homes: ReadonlyMap<string, string>;
  /** How many answers there were, by status. */
  readonly statuses = new Map<number, number>();

  private constructor(
    stack: TestStack,
    operations: Operation[],
    known: Set<string>,
    homes: Map<string, string>,
    book: Uint8Array,
  ) {
    this.#homes = homes;
    this.#stack = stack;
    this.#operations = operations;
    this.#known = known;
    this.#book = book;
  }

  static async start(): Promise<Attack> {
    const stack = await TestStack.start({ start: '2023-10-11T10:00:00+08:00' });
    const families = await registerFamilies(stack, 4);
    await register(stack, 2, OTHER_VILLAGE);
    await openRound(stack);
    const policy = await insureWith(stack, rosterOf(families));
    const [one] = families;
    await stack.post(
      '/v1/clues',
      { account: 'town-officer', person: 9 },
      { household: one?.household, reason: '走访发现重病住院' },
    );
    await stack.post(
      '/v1/claims',
      { account: 'village-worker', region: VILLAGE },
      {
        household: one?.household,
        person: one?.people[0]?.person,
        line: 'illness',
        eventOn: '2023-10-01',
        invoices: [],
      },
    );
    await stack.settle(301);
    const operations = await described(stack);
    const known = new Set(['2023Q4', '2023Q3', '2023-10-11', '2023-10-10', '2024-01-01', policy, '44', '440904']);
    for (const { method, path, parameters, roles } of operations) {
      if (method !== 'GET' || path.includes('{') || !roles.includes('district-officer')) continue;
      const region = parameters.some(({ name }) => name === 'region') ? '?region=440904' : '';
      collect((await stack.get(path + region, OFFICER)).body, known);
    }
    const { body: registry } = await stack.get('/v1/households?region=440904&limit=200', OFFICER);
    const homes = registry.items.flatMap(({ id, members }: { id: string; members: { person: string }[] }) =>
      members.map(({ person }) => [person, id]),
    );
    return new Attack(
      stack,
      operations,
      known,
      new Map(homes),
      await workbookBytes([
        ['户编号', '姓名'],
        ['0001', '测试'],
      ]),
    );
  }

  stop(): Promise<void> {
    return this.#stack.stop();
  }

  /** Sends the request that a seed stands for. @returns what is wrong with the answer, if anything is */
  async send(seed: number): Promise<Fault | undefined> {
    const random = new Random(`fuzz-${seed}`);
    const shapes = new Shapes(random, this.#known);
    const operation = random.pick(this.#operations);
    const allowed = operation.roles === 'public' ? [''] : operation.roles;
    const account = random.pick(random.chance(0.9) ? allowed : ROLES);
    const path = this.#path(operation, shapes, random);
    const body = this.#body(operation, shapes, random);
    const region = random.chance(0.7) ? '440904' : random.pick(['440904001', VILLAGE, OTHER_VILLAGE]);
    const writes = new Set<string>();
    const told = (principal: string) => writes.add(principal);
    this.#stack.local.gateway.onWrite.add(told);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#stack.local.endpoints.api}${path}`, {
        method: operation.method,
        headers: {
          ...(account === ''
            ? {}
            : { authorization: `Bearer ${await this.#stack.token({ account, region, person: random.int(1, 3) })}` }),
          ...(body === undefined
            ? {}
            : { 'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream' }),
        },
        ...(body === undefined || operation.method === 'GET'
          ? {}
          : { body: typeof body === 'string' ? body : Buffer.from(body) }),
      });
      text = await response.text();
    } finally {
      this.#stack.local.gateway.onWrite.delete(told);
    }
    const { status } = response;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    const asked = path + (typeof body === 'string' ? body : '');
    const wrong =
      wrongWith(status, text, response.headers, operation, writes) ??
      this.#foreign(text, asked, account === '' ? 'nobody' : region);
    if (wrong === undefined) return undefined;
    const sent = `${operation.method} ${operation.path} as ${account || 'nobody'}: ${path.slice(0, 300)} ${typeof body === 'string' ? body.slice(0, 1_500) : ''}`;
    return { seed, request: sent, answer: `${status} ${text.slice(0, 500)}`, wrong };
  }

  /** What an answer tells of somebody outside the caller's region that the question did not name. */
  #foreign(text: string, asked: string, region: string): string | undefined {
    const found = [...new Set(text.match(/\b\d{12}-[0-9A-Z]{1,12}\b|\bp-[0-9a-z]{16}\b/g))].find((id) => {
      const home = id.startsWith('p-') ? this.#homes.get(id) : id;
      return home !== undefined && !home.startsWith(region) && !asked.includes(id);
    });
    return found === undefined ? undefined : `it tells of ${found}, outside ${region}`;
  }

  #path({ path, parameters }: Operation, shapes: Shapes, random: Random): string {
    const one = ({ schema }: Parameter): string =>
      random.chance(0.1) ? random.pick(HOSTILE_TEXTS).slice(0, 300) : String(shapes.value(schema));
    const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const found = parameters.find((each) => each.in === 'path' && each.name === name);
      return encoded(found === undefined ? 'x' : one(found));
    });
    const asked = parameters
      .filter((each) => each.in === 'query' && random.chance(0.7))
      .map((each) => `${encoded(each.name)}=${encoded(one(each))}`);
    if (random.chance(0.05)) asked.push(`${encoded(random.pick(HOSTILE_TEXTS).slice(0, 50))}=1`);
    return asked.length === 0 ? filled : `${filled}?${asked.join('&')}`;
  }

  #body({ body, takesFiles }: Operation, shapes: Shapes, random: Random): string | Uint8Array | undefined {
    if (takesFiles) return spoiltBytes(this.#book, random);
    if (body === undefined) return random.chance(0.05) ? '{"extra":1}' : undefined;
    const value = shapes.value(body);
    const given = random.chance(0.65) ? spoilt(value, random) : value;
    const json = JSON.stringify(given) ?? 'null';
    return random.chance(0.05) ? spoiltText(json, random) : json;
  }
}

/** A file with some of its bytes changed, cut off, or none of it left. */
function spoiltBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let n = random.int(0, 8); n > 0; n -= 1) copy[random.int(0, copy.length - 1)] = random.int(0, 255);
  if (random.chance(0.2)) return copy.slice(0, random.int(0, copy.length));
  if (random.chance(0.2)) return Buffer.from(HOSTILE_TEXTS.slice(0, 40).join(','));
  return copy;
}

function wrongWith(
  status: number,
  text: string,
  headers: Headers,
  operation: Operation,
  writes: ReadonlySet<string>,
): string | undefined {
  if (status >= 500) return 'the system failed';
  if (status < 400) {
    if (!headers.get('content-type')?.startsWith('application/json')) return undefined;
    const { error } = operation.answers.safeParse(jsonOf(text));
    return error === undefined ? undefined : `an answer that is not what was promised: ${error.message.slice(0, 300)}`;
  }
  // The gateway's own refusals have no code: of a token, of a path that is none, of a body beyond 10 MB.
  const { code } = Object(jsonOf(text));
  const isOurs = headers.get('content-type')?.startsWith('application/problem+json') === true;
  if (isOurs && !(typeof code === 'string' && code in problems)) return 'a refusal without a code that is told';
  if (/\bat \S+ \(|\.m?[jt]s:\d+|node_modules|node:internal/.test(text)) return 'a stack trace';
  const written = writes.has(`shouwang-test-${operation.function}`);
  // A refused row with a wrong ID number leaves a finding of data quality, and says so.
  const isFinding = text.includes('"findings":');
  if (written && !isFinding && !COUNTS_CALLERS.has(operation.function))
    return 'something was written though it was refused';
  return undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Every text in an answer that could name something. */
function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string' && value.length <= 64) into.add(value);
  if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) collect(item, into);
}

/** The operations as the running system describes itself, each with the answers it promises. */
async function described(stack: TestStack): Promise<Operation[]> {
  const known = new Map(Object.values<Route>(routes).map((route) => [`${route.method} ${route.path}`, route]));
  const { body: document } = await stack.get('/v1/openapi.json', OFFICER);
  const paths: Record<string, Record<string, Described>> = document.paths;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([given, found]) => {
      const method = given.toUpperCase();
      const route = known.get(`${method} ${path}`);
      if (route === undefined) return [];
      return {
        path,
        method,
        function: route.function.split('/').at(-1) ?? '',
        roles: found['x-roles'],
        parameters: found.parameters ?? [],
        body: found.requestBody?.content['application/json']?.schema,
        takesFiles: found.requestBody !== undefined && !('application/json' in found.requestBody.content),
        answers: route.answers,
      };
    }),
  );
}

interface Described {
  'x-roles': 'public' | string[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
