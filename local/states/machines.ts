import { AwsError } from '../errors.ts';
import type { ExecutionType } from './definition.ts';

import { isJsonObject, type JsonObject, parseJson, toJson } from './json.ts';
import { pageToken, type Request } from './request.ts';
import type { Revision, Service } from './service.ts';
import { integer, type Row, text } from './store.ts';

/** What `States.put` takes: a state machine as a template declares it. */
export interface Machine {
  readonly name: string;
  readonly roleArn: string;
  /** The Amazon States Language text. */
  readonly definition: string;
  readonly type: ExecutionType;
  readonly loggingConfiguration?: JsonObject;
  readonly tracingConfiguration?: JsonObject;
  readonly tags?: Readonly<Record<string, string>>;
}

const DEFAULT_SETTINGS = {
  loggingConfiguration: { includeExecutionData: false, level: 'OFF' },
  tracingConfiguration: { enabled: false },
};

/** Creates the machine or makes it so, as a deployment does. @returns its ARN @throws AwsError InvalidDefinition, InvalidName */
export function putMachine(service: Service, machine: Machine): string {
  checkName(machine.name);
  checkDefinition(service, machine.definition, machine.type);
  const arn = service.arn('stateMachine', machine.name);
  const { store } = service;
  const known = store.get('SELECT * FROM machines WHERE arn = ?', arn);
  const settings = {
    loggingConfiguration: machine.loggingConfiguration ?? DEFAULT_SETTINGS.loggingConfiguration,
    tracingConfiguration: machine.tracingConfiguration ?? DEFAULT_SETTINGS.tracingConfiguration,
  };
  const current = known === undefined ? undefined : service.revision(integer(known, 'definition'));
  if (current !== undefined && current.type !== machine.type)
    throw new AwsError('ValidationException', `The type of the state machine ${machine.name} cannot be changed.`);
  store.transaction(() => {
    const tags = JSON.stringify(machine.tags ?? {});
    const isSame = current !== undefined && current.body === machine.definition && current.roleArn === machine.roleArn;
    const definition = isSame ? current.id : insertDefinition(service, arn, machine);
    if (known === undefined) {
      store.run(
        'INSERT INTO machines (arn, name, type, status, created, definition, settings, tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        ...[arn, machine.name, machine.type, 'ACTIVE', service.clock.now(), definition, JSON.stringify(settings), tags],
      );
    } else {
      store.run(
        "UPDATE machines SET definition = ?, settings = ?, tags = ?, status = 'ACTIVE' WHERE arn = ?",
        definition,
        JSON.stringify(settings),
        tags,
        arn,
      );
    }
  });
  return arn;
}

function insertDefinition(
  service: Service,
  arn: string,
  machine: Pick<Machine, 'name' | 'type' | 'roleArn' | 'definition'>,
): number {
  return service.store.run(
    'INSERT INTO definitions (machine, name, type, role, body, revision, created) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ...[arn, machine.name, machine.type, machine.roleArn, machine.definition, service.uuid(), service.clock.now()],
  );
}

/** @throws AwsError InvalidName */
export function checkName(name: string): void {
  if (name.length < 1 || name.length > 80 || /[\s\p{Cc}<>{}[\]?*"#%\\^|~`$&,;:/]/u.test(name)) {
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  }
}

function checkDefinition(service: Service, definition: string, type: ExecutionType): void {
  const { diagnostics } = service.parse(definition, type);
  if (diagnostics.length === 0) return;
  const told = diagnostics.map(
    ({ code, message, location }) => `${code}: ${message}${location === undefined ? '' : ` at ${location}`}`,
  );
  throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${told.join(', ')}'`);
}

export function machineRow(service: Service, arn: string): Row {
  const row = service.store.get('SELECT * FROM machines WHERE arn = ?', arn);
  if (row === undefined) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  return row;
}

export function currentRevision(service: Service, arn: string): Revision {
  return service.revision(integer(machineRow(service, arn), 'definition'));
}

export function createStateMachine(service: Service, request: Request): JsonObject {
  const name = request.text('name', { least: 1, most: 80 });
  const machine: Machine = {
    name,
    roleArn: roleArn(request.text('roleArn', { least: 1, most: 256 })),
    definition: request.text('definition', { least: 1, most: 1_048_576 }),
    type: request.choice('type', ['STANDARD', 'EXPRESS']) ?? 'STANDARD',
    ...settingsOf(request),
    tags: tagsOf(request.list('tags')),
  };
  if (request.boolean('publish') === true)
    throw new AwsError('ValidationException', 'Versions of state machines do not run locally.');
  checkName(name);
  checkDefinition(service, machine.definition, machine.type);
  const arn = service.arn('stateMachine', name);
  const known = service.store.get('SELECT * FROM machines WHERE arn = ?', arn);
  if (known !== undefined) {
    const current = service.revision(integer(known, 'definition'));
    const isSame =
      current.body === machine.definition && current.roleArn === machine.roleArn && current.type === machine.type;
    if (!isSame) throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
  } else putMachine(service, machine);
  return { stateMachineArn: arn, creationDate: integer(machineRow(service, arn), 'created') / 1000 };
}

function roleArn(value: string): string {
  if (!/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(value)) throw new AwsError('InvalidArn', `Invalid Arn: '${value}'`);
  return value;
}

function settingsOf(request: Request): Pick<Machine, 'loggingConfiguration' | 'tracingConfiguration'> {
  const settings: Record<string, JsonObject> = {};
  for (const name of ['loggingConfiguration', 'tracingConfiguration']) {
    const value = toJson(request.record(name) ?? null);
    if (isJsonObject(value)) settings[name] = value;
  }
  return settings;
}

export function updateStateMachine(service: Service, request: Request): JsonObject {
  const arn = request.arn('stateMachineArn', ['stateMachine']);
  const definition = request.optionalText('definition', { least: 1, most: 1_048_576 });
  const role = request.optionalText('roleArn', { least: 1, most: 256 });
  const settings = settingsOf(request);
  if (definition === undefined && role === undefined && Object.keys(settings).length === 0) {
    throw new AwsError(
      'MissingRequiredParameter',
      'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
    );
  }
  const row = machineRow(service, arn);
  const current = currentRevision(service, arn);
  const kept = JSON.parse(text(row, 'settings'));
  putMachine(service, {
    ...kept,
    ...settings,
    name: current.machineName,
    type: current.type,
    tags: JSON.parse(text(row, 'tags')),
    definition: definition ?? current.body,
    roleArn: role === undefined ? current.roleArn : roleArn(role),
  });
  return { updateDate: service.clock.now() / 1000, revisionId: revisionId(service, arn) };
}

function revisionId(service: Service, arn: string): string {
  const row = service.store.get('SELECT revision FROM definitions WHERE id = ?', currentRevision(service, arn).id);
  return row === undefined ? '' : text(row, 'revision');
}

export function describeStateMachine(service: Service, request: Request): JsonObject {
  const arn = request.arn('stateMachineArn', ['stateMachine']);
  const row = machineRow(service, arn);
  const revision = currentRevision(service, arn);
  const id = revisionId(service, arn);
  return {
    stateMachineArn: arn,
    name: revision.machineName,
    status: text(row, 'status'),
    definition: revision.body,
    roleArn: revision.roleArn,
    type: revision.type,
    creationDate: integer(row, 'created') / 1000,
    ...settingsIn(row),
    ...(isFirst(service, revision) ? {} : { revisionId: id }),
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
    ...references(revision),
  };
}

function isFirst(service: Service, revision: Revision): boolean {
  return (
    service.store.get(
      'SELECT 1 AS n FROM definitions WHERE machine = ? AND id < ?',
      revision.machineArn,
      revision.id,
    ) === undefined
  );
}

export function settingsIn(row: Row): JsonObject {
  const settings = parseJson(text(row, 'settings'));
  return isJsonObject(settings) ? settings : {};
}

export function references(revision: Revision): JsonObject {
  const { variableReferences } = revision.definition;
  return Object.keys(variableReferences).length === 0 ? {} : { variableReferences };
}

export function listStateMachines(service: Service, request: Request): JsonObject {
  const { limit, after } = request.page();
  const rows = service.store.all('SELECT * FROM machines ORDER BY name LIMIT ? OFFSET ?', limit + 1, after);
  return {
    stateMachines: rows.slice(0, limit).map((row) => ({
      stateMachineArn: text(row, 'arn'),
      name: text(row, 'name'),
      type: text(row, 'type'),
      creationDate: integer(row, 'created') / 1000,
    })),
    ...(rows.length > limit && { nextToken: pageToken(after + limit) }),
  };
}

/** Its executions are ended too, as the service does at their next transition. */
export function deleteStateMachine(service: Service, request: Request): JsonObject {
  const arn = request.arn('stateMachineArn', ['stateMachine']);
  for (const execution of [...service.running.values()]) {
    if (execution.is.machineArn === arn) execution.turn(() => execution.finish('ABORTED', undefined, {}));
  }
  service.store.run('DELETE FROM machines WHERE arn = ?', arn);
  return {};
}

export function validateStateMachineDefinition(service: Service, request: Request): JsonObject {
  const definition = request.text('definition', { most: 1_048_576 });
  const type = request.choice('type', ['STANDARD', 'EXPRESS']) ?? 'STANDARD';
  const most = request.number('maxResults', 0, 100) ?? 0;
  const { diagnostics } = service.parse(definition, type);
  const shown = diagnostics.slice(0, most === 0 ? 100 : most);
  return {
    result: diagnostics.length === 0 ? 'OK' : 'FAIL',
    diagnostics: shown.map((diagnostic) => ({ ...diagnostic })),
    truncated: shown.length < diagnostics.length,
  };
}

function tagsOf(list: readonly unknown[] | undefined): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const tag of list ?? []) {
    const value = toJson(tag);
    if (isJsonObject(value) && 'key' in value && 'value' in value) tags[String(value['key'])] = String(value['value']);
  }
  return tags;
}

export function listTagsForResource(service: Service, request: Request): JsonObject {
  const tags = tagsIn(service, request.arn('resourceArn', ['stateMachine']));
  return { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
}

export function tagResource(service: Service, request: Request): JsonObject {
  const arn = request.arn('resourceArn', ['stateMachine']);
  const tags = { ...tagsIn(service, arn), ...tagsOf(request.list('tags')) };
  if (Object.keys(tags).length > 50) throw new AwsError('TooManyTags', `Too Many Tags: '${arn}'`);
  service.store.run('UPDATE machines SET tags = ? WHERE arn = ?', JSON.stringify(tags), arn);
  return {};
}

export function untagResource(service: Service, request: Request): JsonObject {
  const arn = request.arn('resourceArn', ['stateMachine']);
  const gone = new Set(request.list('tagKeys'));
  const tags = Object.entries(tagsIn(service, arn)).filter(([key]) => !gone.has(key));
  service.store.run('UPDATE machines SET tags = ? WHERE arn = ?', JSON.stringify(Object.fromEntries(tags)), arn);
  return {};
}

function tagsIn(service: Service, arn: string): Record<string, string> {
  const row = service.store.get('SELECT tags FROM machines WHERE arn = ?', arn);
  if (row === undefined) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
  return JSON.parse(text(row, 'tags'));
}
