import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { readyAccounts, signInPage } from '../demo/accounts.ts';
import { illustrativeCriteria } from '../demo/criteria.ts';
import { demoDivisions } from '../demo/district/households.ts';
import type { WorkflowName } from '../functions/contracts/workflows.ts';
import { assembly, FOLDER } from '../infra/assembly.ts';
import { type LocalOptions, type LocalStack, startLocal } from '../local/index.ts';
import { COVERAGE_FOLDER } from './coverage.ts';
import { USES_FOLDER } from './grants.ts';

/** For stacks in processes of their own, which are killed before they could say what they ran: counting would only slow their start. */
export const UNCOUNTED = { [COVERAGE_FOLDER]: '' };

/** Names the folder of a stack that `test/assembly.ts` has prepared: every stack of a test begins as a copy of it. */
export const GROUND = 'SHOUWANG_TEST_GROUND';
/** Tokens live twelve hours. */
const KEPT_MS = 11 * 3_600_000;
/** The towns that stand there: those of the villages in which tests play. */
const TOWNS = ['440904001', '440904116'];

/** An answer as it came; of a system that ended before it answered, the status is 0. */
export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: as `unknown` each of the thousand places that look into an answer would need a cast or a parser; what is not there fails the assertion that looks for it.
  body: any;
}

export interface As {
  account: string;
  region?: string;
  person?: number;
}

export const OFFICER: As = { account: 'district-officer' };
export const SECOND_OFFICER: As = { account: 'district-officer', person: 2 };

/** A whole stack in a folder of its own, from the template that deploys, under a virtual clock. */
export class TestStack {
  readonly local: LocalStack;
  readonly data: string;
  readonly #tokens = new Map<string, { token: string; until: number }>();

  private constructor(local: LocalStack, data: string) {
    this.local = local;
    this.data = data;
  }

  /** @param options `data`: a folder to go on in; without one, two towns and approved criteria stand, unless it is to be `empty` */
  static async start(
    options: {
      start?: string;
      data?: string;
      empty?: boolean;
      seed?: number;
      onEvent?: NonNullable<LocalOptions['onEvent']>;
    } = {},
  ): Promise<TestStack> {
    const coverage = process.env[COVERAGE_FOLDER] || undefined;
    const uses = process.env[USES_FOLDER] || undefined;
    const data = options.data ?? mkdtempSync(join(tmpdir(), 'shouwang-test-'));
    const ground = process.env[GROUND];
    if (options.data === undefined && !options.empty && ground !== undefined) cpSync(ground, data, { recursive: true });
    const local = await startLocal({
      // Where tests run, their setup has seen to it.
      assembly: ground === undefined ? await assembly() : FOLDER,
      data,
      port: 0,
      clock: 'virtual',
      start: options.start ?? '2023-10-11T10:00:00+08:00',
      parameters: ({ issuer }: { issuer: string }) => ({
        DistrictCode: '440904',
        Issuer: issuer,
        Audience: 'shouwang',
        Stage: 'test',
      }),
      accounts: readyAccounts('440904'),
      signIn: signInPage(),
      ...(coverage === undefined ? {} : { coverage }),
      ...(uses === undefined ? {} : { uses }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
    });
    return new TestStack(local, data);
  }

  /** Stops every part and removes the folder, unless a restart on it follows. */
  async stop(options: { keep?: boolean } = {}): Promise<void> {
    await this.local.close();
    if (!options.keep) rmSync(this.data, { recursive: true, force: true });
  }

  /** An official's token: the one of the call before, as their device keeps it, unless the clock has passed its twelve hours. */
  async token(as: As): Promise<string> {
    const key = JSON.stringify([as.account, as.region, as.person]);
    const known = this.#tokens.get(key);
    if (known !== undefined && this.local.clock.now() < known.until) return known.token;
    const until = this.local.clock.now() + KEPT_MS;
    const token = await this.#newToken(as);
    this.#tokens.set(key, { token, until });
    return token;
  }

  async #newToken({ account, region, person }: As): Promise<string> {
    const form = new URLSearchParams({
      account,
      ...(region === undefined ? {} : { region }),
      ...(person === undefined ? {} : { person: String(person) }),
    });
    const response = await fetch(`${this.local.endpoints.issuer}/token`, { method: 'POST', body: form });
    const body: { access_token: string } = Object(await response.json());
    return body.access_token;
  }

  get(path: string, as: As): Promise<Answer> {
    return this.call('GET', path, as);
  }

  post(path: string, as: As, body: unknown = {}): Promise<Answer> {
    return this.call('POST', path, as, JSON.stringify(body));
  }

  patch(path: string, as: As, body: unknown): Promise<Answer> {
    return this.call('PATCH', path, as, JSON.stringify(body));
  }

  async call(method: string, path: string, as: As | string, body?: string): Promise<Answer> {
    const token = typeof as === 'string' ? as : await this.token(as);
    const response = await fetch(`${this.local.endpoints.api}${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: text === '' ? undefined : isJson ? JSON.parse(text) : text };
  }

  async advance(to: string): Promise<void> {
    await this.local.clock.advance(Date.parse(to));
  }

  /** Lets the workflow come to rest, retries of a moment included. */
  async settle(seconds = 1): Promise<void> {
    await this.local.clock.advance(this.local.clock.now() + seconds * 1000);
  }

  /** Divisions and approved criteria: the ground of every screening. */
  async prepare({ everyTown = false } = {}): Promise<void> {
    const { district, towns } = demoDivisions();
    const standing = towns.filter(({ code }) => everyTown || TOWNS.includes(code));
    await this.post('/v1/divisions', OFFICER, { district, towns: standing });
    const { body } = await this.post('/v1/criteria', OFFICER, illustrativeCriteria);
    await this.post(`/v1/criteria/${body.id}/approval`, SECOND_OFFICER);
  }

  /** Of the stack's keys the one that is a pair, for tasks that run in a test's own process: its material is no 32 bytes. */
  get signingKey(): string {
    const materials: Record<string, string> = JSON.parse(readFileSync(join(this.data, 'kms.json'), 'utf8'));
    const found = Object.entries(materials).find(([, material]) => Buffer.from(material, 'base64').length > 32);
    if (found === undefined) throw new Error('No key of the stack signs.');
    return found[0];
  }

  /** Step Functions as the operator, by the unmodified SDK. */
  get stepFunctions(): SFNClient {
    const { endpoints, operator } = this.local;
    return new SFNClient({ endpoint: endpoints.stepFunctions, region: 'us-east-1', credentials: operator });
  }

  /** The ARN of a workflow's state machine. */
  async machine(workflow: WorkflowName): Promise<string> {
    const { stateMachines = [] } = await this.stepFunctions.send(new ListStateMachinesCommand({}));
    const found = stateMachines.find(({ name }) => name === `shouwang-test-${workflow}`);
    if (found?.stateMachineArn === undefined) throw new Error(`There is no machine ${workflow}.`);
    return found.stateMachineArn;
  }
}
