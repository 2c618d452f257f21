import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { Clock } from './clock.ts';
import { answerLocal, listAddresses } from './control.ts';
import { DistributionFront } from './distribution/distribution.ts';
import { Engine } from './dynamodb/engine.ts';
import { makeTables } from './dynamodb/tables.ts';
import { AwsError, StartError } from './errors.ts';
import { Events } from './events.ts';
import { Gateway, type LocalService } from './gateway/gateway.ts';
import { Meter } from './gateway/meter.ts';
import { type KeyPair, Principals } from './gateway/principals.ts';
import { Turns } from './gateway/turns.ts';
import { Uses } from './gateway/uses.ts';
import { answerWire, tagOf } from './gateway/wire.ts';
import { HttpApi, LARGEST_BODY } from './http-api/api.ts';
import type { Account } from './identity/account.ts';
import { Issuer } from './identity/issuer.ts';
import { SigningKeys } from './identity/keys.ts';
import type { SignInPage } from './identity/page.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { Kms } from './kms/kms.ts';
import { Functions } from './lambda/functions.ts';
import { lock } from './lock.ts';
import { randomFrom, uuidFrom } from './random.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { Front, readBody } from './server.ts';
import { States } from './states/index.ts';
import { statesService, workflowMeter } from './states-service.ts';
import { StorageFront } from './storage/front.ts';
import { Storage } from './storage/storage.ts';
import { arn } from './template/kind.ts';
import { stateMachine } from './template/kinds-compute.ts';
import { authorizer } from './template/kinds-http.ts';
import { Model, type Resource } from './template/model.ts';

export type { Clock } from './clock.ts';
export { AwsError, StartError } from './errors.ts';
export type { FaultRule } from './gateway/faults.ts';
export type { Gateway } from './gateway/gateway.ts';
export type { Snapshot } from './gateway/meter.ts';
export type { Account } from './identity/account.ts';
export type { SignInPage } from './identity/page.ts';

export interface LocalOptions {
  /** The folder of the synthesized cloud assembly (`cdk.out`). */
  assembly: string;
  /** Where everything is kept; made when it does not exist. */
  data: string;
  /** The port on loopback; 0 takes any free one. */
  port: number;
  clock: 'real' | 'virtual';
  /** The instant (ISO) at which a virtual clock begins on a fresh data folder; otherwise now. */
  start?: string;
  /** Values of the template's parameters, which may need to know where the stack answers. */
  parameters: (urls: { issuer: string; api: string }) => Record<string, string>;
  /** The ready accounts of the development issuer. */
  accounts: readonly Account[];
  /** The region the stack pretends to be in; `us-east-1` unless given. */
  region?: string;
  /** What the sign-in page says; plain English without it. */
  signIn?: SignInPage;
  log?: (line: string) => void;
  /** Called when everything answers, before `endpoints.json` says so: what every caller may count on is put in here. */
  prepare?: (endpoints: Endpoints) => Promise<void>;
  /**
   * Puts all calls of functions, workflows and schedules in one order drawn from this number, for a virtual clock: the same run
   * with the same seed makes the same calls in the same order. See the README for what it cannot reach.
   */
  seed?: number;
  /** Keeps `gateway.journal`, every call in its order. */
  journal?: boolean;
  /** A folder that takes what ran of each function's bundle, as V8 saw it, when the stack closes. */
  coverage?: string;
  /** A folder that takes which rights each role was granted and used, when the stack closes. */
  uses?: string;
  /** Called after each event of a history has been committed: a test can end the process at any of them. */
  onEvent?: (event: { executionArn: string; id: number; type: string }) => void;
}

/** Where everything answers; also in `endpoints.json` of the data folder, which is written when the stack is ready. */
export interface Endpoints {
  api: string;
  stepFunctions: string;
  dynamodb: string;
  issuer: string;
  clock: string;
  console: string;
  operator: KeyPair;
}

export interface LocalStack {
  endpoints: Endpoints;
  clock: Clock;
  gateway: Gateway;
  /** What left through the event buses, and whoever listens. */
  events: Events;
  /** May call everything: for the AWS CLI and tests. */
  operator: KeyPair;
  /** Resolves when the stack has ended: with undefined after `close`, with a sentence when a part of it failed. */
  ended: Promise<string | undefined>;
  close(): Promise<void>;
}

/** DynamoDB takes requests up to 16 MB. */
const LARGEST_CALL = 16 * 1024 * 1024;

/**
 * Runs a synthesized CDK app on this machine.
 * @throws StartError with a sentence for a person: port or data folder in use, damaged data, missing engine, a template that asks for more than is run
 */
export async function startLocal(options: LocalOptions): Promise<LocalStack> {
  const data = resolve(options.data);
  const logs = join(data, 'logs');
  try {
    // What people told lies there, in the open beside what is sealed: it is nobody else's on this machine.
    mkdirSync(data, { recursive: true, mode: 0o700 });
    mkdirSync(logs, { recursive: true });
  } catch (error) {
    throw new StartError(
      `The data folder ${data} cannot be made: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const closers: (() => unknown)[] = [lock(data)];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      for (const end of closers.reverse()) await end();
    })();
    return closing;
  };
  try {
    return await startParts(options, { data, logs, closers, close });
  } catch (error) {
    await close();
    throw error;
  }
}

async function startParts(
  options: LocalOptions,
  on: { data: string; logs: string; closers: (() => unknown)[]; close: () => Promise<void> },
): Promise<LocalStack> {
  const { data, logs, closers, close } = on;
  const log = options.log ?? (() => undefined);
  const ready = join(data, 'endpoints.json');
  rmSync(ready, { force: true });
  let tellEnd: (reason: string | undefined) => void = () => undefined;
  const ended = new Promise<string | undefined>((tell) => {
    tellEnd = tell;
  });
  const fail = (reason: string): void => {
    log(reason);
    void close().then(() => tellEnd(reason));
  };

  const front = await Front.listen(options.port);
  closers.push(() => front.close());
  const issuerUrl = `${front.url}/_local/issuer`;
  const clock = new Clock({
    mode: options.clock,
    file: join(data, 'clock.json'),
    ...(options.start === undefined ? {} : { start: Date.parse(options.start) }),
  });
  closers.push(() => clock.close());
  const environment = {
    region: options.region ?? 'us-east-1',
    accountId: '000000000000',
    partition: options.region?.startsWith('cn-') === true ? 'aws-cn' : 'aws',
  };
  const model = new Model(
    resolve(options.assembly),
    environment,
    options.parameters({ issuer: issuerUrl, api: front.url }),
  );

  const meter = new Meter();
  const { uses: usesInto } = options;
  const uses = usesInto === undefined ? undefined : new Uses();
  if (usesInto !== undefined) closers.push(() => uses?.write(usesInto));
  const principals = new Principals(model, uses);
  const kms = new Kms(model, join(data, 'kms.json'));
  const keys = await SigningKeys.open(join(data, 'issuer.json'), clock);
  const engine = await Engine.start(join(data, 'dynamodb'), join(logs, 'dynamodb.log'), fail);
  closers.push(() => engine.close());
  const tables = await makeTables(model, engine);

  if (options.seed !== undefined && clock.mode === 'real')
    throw new StartError('Calls can be put in order (seed) only under a virtual clock.');
  const seeded = options.seed === undefined ? undefined : seedOf(options.seed, join(data, 'starts.json'));
  const turns = seeded === undefined ? undefined : new Turns(seeded);
  closers.push(() => turns?.close());
  // Streams of their own, so that one more identifier does not change the order of calls.
  const [forIds, forStates] = seeded === undefined ? [] : [randomFrom(seeded + 1), randomFrom(seeded + 2)];
  const functions = new Functions({
    model,
    clock,
    meter,
    logs,
    compileCache: join(resolve(options.assembly), '.compile-cache'),
    endpoint: front.url,
    keysOf: (source) => principals.forFunction(source),
    turns,
    coverage: options.coverage,
    requestId: forIds === undefined ? undefined : () => uuidFrom(forIds),
  });
  closers.push(() => functions.close());
  const storage = new Storage({ model, folder: join(data, 'storage'), clock, principals, meter });
  closers.push(() => storage.close());
  const events = new Events(model, clock);
  const services = new Map<string, LocalService>([
    ['lambda', functions],
    ['kms', kms],
    ['events', events],
    ...(storage.exists ? [['s3', storage] as const] : []),
  ]);
  const gateway = new Gateway({
    meter,
    principals,
    clock,
    engine,
    tables,
    services,
    unknownTable: (name) => arn(environment, 'dynamodb', `table/${name}`),
    turns,
    journal: options.journal === true,
  });
  const machines = new Map(
    model.all(stateMachine).map(({ ref, properties }) => [properties.RoleArn, ref.replace(/^.*:/, '')]),
  );
  const count = workflowMeter(meter);
  const states = new States({
    file: join(data, 'states.db'),
    clock,
    ...environment,
    ...(forStates === undefined ? {} : { random: forStates }),
    services: new Set(['dynamodb', 'kms', 'lambda', 'sfn', ...(storage.exists ? ['s3'] : [])]),
    onEvent: (event) => {
      count(event);
      options.onEvent?.(event);
    },
    call: async ({ roleArn, ...request }) => {
      const answer = await gateway.call({
        ...request,
        principal: principals.forRole(roleArn, machines.get(roleArn) ?? 'states'),
      });
      // A state machine sees what an object holds as text.
      return answer['Body'] instanceof Buffer ? { ...answer, Body: answer['Body'].toString() } : answer;
    },
  });
  // Ended before the functions: a task must not fail because its worker was stopped.
  closers.push(() => states.close());
  services.set('states', statesService(states, model, principals));
  for (const machine of model.all(stateMachine)) putMachine(states, machine);

  const api = new HttpApi({ model, functions, clock, meter, faults: gateway.faults, log, turns });
  const audience = model.all(authorizer).find(({ properties }) => properties.JwtConfiguration.Issuer === issuerUrl)
    ?.properties.JwtConfiguration.Audience[0];
  const issuer = new Issuer({
    url: issuerUrl,
    keys,
    clock,
    accounts: options.accounts,
    audience: audience ?? 'local',
    page: options.signIn,
  });
  const scheduler = new Scheduler({ model, clock, gateway, file: join(data, 'scheduler.json'), log });

  const operator = principals.operatorKeys;
  const endpoints: Endpoints = {
    api: front.url,
    stepFunctions: front.url,
    dynamodb: front.url,
    issuer: issuerUrl,
    clock: `${front.url}/_local/clock`,
    console: `${front.url}/console/`,
    operator,
  };
  const distribution = new DistributionFront(model);
  const storageFront = new StorageFront({ gateway, storage, clock, environment });
  front.serve(
    async (request, response) => {
      const path = request.url ?? '/';
      const tag = turns === undefined ? undefined : tagOf(request);
      const isAws = request.headers['x-amz-target'] !== undefined;
      const isStorage = !isAws && storageFront.takes(request);
      if (turns !== undefined && tag !== undefined) response.once('close', turns.heard(tag, !isAws && !isStorage));
      if (isAws) {
        const body = await readBody(request, LARGEST_CALL);
        return answerWire(gateway, request, response, body ?? Buffer.alloc(0));
      }
      if (isStorage) return storageFront.answer(request, response);
      if (path.startsWith('/_local/')) return answerLocal({ clock, gateway, issuer, events }, request, response);
      if (!distribution.exists && path.startsWith('/console')) return listAddresses({ ...endpoints }, response);
      if (distribution.answer(request, response) === 'answered') return;
      return api.answer(request, response, await readBody(request, LARGEST_BODY));
    },
    () => clock.now(),
  );
  states.recover();
  scheduler.start();
  await options.prepare?.(endpoints);
  writeJsonFile(ready, endpoints, 0o600);
  closers.push(() => rmSync(ready, { force: true }));
  const stop = async (): Promise<void> => {
    await close();
    tellEnd(undefined);
  };
  return { endpoints, clock, gateway, events, operator, ended, close: stop };
}

/** The seed of this start: a stack that is started again on the same data must not draw the same ids again. */
function seedOf(seed: number, file: string): number {
  const starts = readJsonFile(file, z.int().nonnegative()) ?? 0;
  writeJsonFile(file, starts + 1);
  return (Math.imul(seed, 0x9e3779b1) + Math.imul(starts, 0x85ebca6b)) >>> 0;
}

function putMachine(
  states: States,
  { id, ref, properties }: Resource<ReturnType<typeof stateMachine.properties.parse>>,
): void {
  const { DefinitionString, Definition, DefinitionSubstitutions, RoleArn, StateMachineType } = properties;
  const text = DefinitionString ?? JSON.stringify(Definition ?? {});
  const definition = text.replace(
    /\$\{([A-Za-z0-9_.-]+)\}/g,
    (whole, name: string) => DefinitionSubstitutions[name] ?? whole,
  );
  try {
    states.put({ name: ref.replace(/^.*:/, ''), roleArn: RoleArn, definition, type: StateMachineType });
  } catch (error) {
    if (error instanceof AwsError)
      throw new StartError(`Resource ${id} (AWS::StepFunctions::StateMachine): ${error.message}`);
    throw error;
  }
}
