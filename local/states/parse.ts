import { checkExpression } from './check-expression.ts';
import type { Assign, Block, Catcher, Definition, ExecutionType, State } from './definition.ts';
import { type Diagnostic, Diagnostics, Fields } from './diagnostics.ts';
import { Compiler, type Template } from './expression.ts';
import type { Retrier } from './failure.ts';
import { isJsonObject, type Json, parseJson } from './json.ts';
import { parseState } from './parse-state.ts';
import type { Location, Names, ParseOptions, Parser } from './parser.ts';

const BLOCK_FIELDS = new Set(['StartAt', 'States', 'Comment']);
const MACHINE_FIELDS = new Set([...BLOCK_FIELDS, 'QueryLanguage', 'Version', 'TimeoutSeconds']);
/** The longest definition, in bytes. */
const LONGEST = 1024 * 1024;

export interface Parsed {
  /** Set when there is no finding. */
  readonly definition: Definition | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks a definition in the Amazon States Language, JSONata only. */
export function parseDefinition(text: string, options: ParseOptions): Parsed {
  const diagnostics = new Diagnostics();
  const value = readJson(text, diagnostics);
  if (value === undefined) return { definition: undefined, diagnostics: diagnostics.found };
  const machine = new Fields(value, '', diagnostics);
  const definition = new DefinitionParser(machine, options, diagnostics).parse();
  return { definition: diagnostics.found.length === 0 ? definition : undefined, diagnostics: diagnostics.found };
}

function readJson(text: string, diagnostics: Diagnostics): Readonly<Record<string, Json>> | undefined {
  if (Buffer.byteLength(text) > LONGEST) {
    diagnostics.add('SCHEMA_VALIDATION_FAILED', `Definition is longer than ${LONGEST} bytes`);
    return undefined;
  }
  if (text.trim() === '') {
    diagnostics.add('SCHEMA_VALIDATION_FAILED', 'Definition must be a valid JSON object');
    return undefined;
  }
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    diagnostics.add('INVALID_JSON_DESCRIPTION', error instanceof Error ? error.message : String(error));
    return undefined;
  }
  if (isJsonObject(value)) return value;
  diagnostics.add('SCHEMA_VALIDATION_FAILED', 'Definition must be a valid JSON object');
  return undefined;
}

class DefinitionParser implements Parser {
  readonly options: ParseOptions;
  readonly machineLanguage: 'JSONata' | 'JSONPath';
  type: ExecutionType;
  readonly #machine: Fields;
  readonly #diagnostics: Diagnostics;
  readonly #compiler: Compiler;
  readonly #blocks = new Map<string, Block>();
  readonly #names = new Set<string>();
  readonly #references = new Map<string, Set<string>>();
  readonly #labels = new Set<string>();
  #reads: Location['reads'];
  #state = '';

  constructor(machine: Fields, options: ParseOptions, diagnostics: Diagnostics) {
    this.options = options;
    this.type = options.type;
    this.#machine = machine;
    this.#diagnostics = diagnostics;
    this.machineLanguage = machine.choice('QueryLanguage', ['JSONPath', 'JSONata']) ?? 'JSONPath';
    this.#compiler = new Compiler(options.sources, (_source, tree, field) => {
      const reads = checkExpression(tree, field, this.#reads);
      const known = this.#references.get(this.#state) ?? new Set();
      this.#references.set(this.#state, new Set([...known, ...reads.variables]));
    });
  }

  parse(): Definition {
    this.block(this.#machine, '', MACHINE_FIELDS, new Set(), this.options.type);
    const timeoutSeconds = this.#machine.number('TimeoutSeconds', 0, 99_999_999, true);
    this.#machine.string('Version');
    const assigned = new Set(
      [...this.#blocks.values()].flatMap((block) => [...block.states.values()].flatMap(assignedBy)),
    );
    const variableReferences = Object.fromEntries(
      [...this.#references]
        .map(([state, names]): [string, string[]] => [state, [...names].filter((name) => assigned.has(name)).sort()])
        .filter(([, names]) => names.length > 0),
    );
    return { blocks: this.#blocks, timeoutSeconds, comment: this.#machine.string('Comment'), variableReferences };
  }

  block(fields: Fields, path: string, allowed: ReadonlySet<string>, outer: Names, type: ExecutionType): string {
    const around = this.type;
    this.type = type;
    fields.only(allowed);
    fields.require('States', 'StartAt');
    fields.string('Comment');
    const startAt = fields.string('StartAt') ?? '';
    const group = fields.object('States');
    const states = new Map<string, State>();
    if (group !== undefined) {
      if (Object.keys(group.value).length === 0) group.refuse('Object cannot be empty');
      const entries = Object.keys(group.value).flatMap((name) => {
        const state = group.object(name);
        return state === undefined ? [] : [{ name, state }];
      });
      const inner = new Set([...outer, ...entries.flatMap(({ state }) => namesIn(state.value))]);
      for (const { name, state } of entries) {
        this.#name(name, state);
        this.#shadowing(state, outer);
        this.#state = name;
        const parsed = parseState(this, name, state, path === '' ? name : `${path}/${name}`, inner);
        if (parsed !== undefined) states.set(name, parsed);
      }
      this.#transitions(fields, startAt, group, states);
    }
    this.type = around;
    this.#blocks.set(path, { path, startAt, states });
    return path;
  }

  template(fields: Fields, key: string, base: Location = { state: fields.location, prefix: '' }): Template | undefined {
    const value = fields.value[key];
    if (value === undefined) return undefined;
    this.#reads = base.reads;
    return fields.compile(base.state, () => this.#compiler.template(value, base.prefix + key));
  }

  assign(fields: Fields, base: Location = { state: fields.location, prefix: '' }): Assign | undefined {
    const group = fields.object('Assign');
    if (group === undefined) return undefined;
    const assign = new Map<string, Template>();
    for (const name of Object.keys(group.value)) {
      if (name === 'states') group.refuse("Variable name 'states' is reserved");
      else if (!/^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u.test(name))
        group.refuse(`Variable name '${name}' is not valid`);
      const template = this.template(group, name, { ...base, prefix: `${base.prefix}Assign/` });
      if (template !== undefined) assign.set(name, template);
    }
    return assign;
  }

  retry(fields: Fields): Retrier[] {
    const allowed = new Set([
      'ErrorEquals',
      'IntervalSeconds',
      'BackoffRate',
      'MaxAttempts',
      'MaxDelaySeconds',
      'JitterStrategy',
      'Comment',
    ]);
    return fields.objects('Retry').map((retrier, index, all) => {
      retrier.only(allowed);
      retrier.require('ErrorEquals');
      return {
        errors: this.#errors(retrier, index === all.length - 1),
        intervalSeconds: retrier.number('IntervalSeconds', 1, 99_999_999, true) ?? 1,
        backoffRate: retrier.number('BackoffRate', 1, Number.MAX_VALUE, false) ?? 2,
        maxDelaySeconds: retrier.number('MaxDelaySeconds', 1, 31_622_400, true),
        maxAttempts: retrier.number('MaxAttempts', 0, 99_999_999, true) ?? 3,
        fullJitter: retrier.choice('JitterStrategy', ['NONE', 'FULL']) === 'FULL',
      };
    });
  }

  catch(fields: Fields): Catcher[] {
    const allowed = new Set(['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment']);
    return fields.objects('Catch').map((catcher, index, all) => {
      catcher.only(allowed);
      catcher.require('ErrorEquals', 'Next');
      const base = { state: fields.location, prefix: `Catch[${index}]/`, reads: 'errorOutput' as const };
      return {
        errors: this.#errors(catcher, index === all.length - 1),
        next: catcher.string('Next') ?? '',
        assign: this.assign(catcher, base),
        output: this.template(catcher, 'Output', base),
      };
    });
  }

  label(fields: Fields, label: string): void {
    if (this.#labels.has(label)) fields.refuse(`Label '${label}' is used more than once`, 'Label');
    this.#labels.add(label);
  }

  #errors(fields: Fields, last: boolean): string[] {
    const errors = fields.strings('ErrorEquals');
    if (errors.includes('States.ALL')) {
      if (errors.length > 1) fields.refuse("'States.ALL' must appear alone", 'ErrorEquals');
      if (!last) fields.refuse("'States.ALL' must appear in the last element", 'ErrorEquals');
    }
    return errors;
  }

  #name(name: string, state: Fields): void {
    if (name.length > 80) state.refuse('State name is longer than 80 characters');
    if (this.#names.has(name))
      this.#diagnostics.add('DUPLICATE_STATE_NAME', `State name '${name}' is used more than once`, state.location);
    this.#names.add(name);
  }

  /** Inner scopes read the variables of outer ones but have none of the same name. */
  #shadowing(state: Fields, outer: Names): void {
    for (const name of namesIn(state.value)) {
      if (outer.has(name)) state.refuse(`Variable '${name}' is already assigned in an outer scope`, 'Assign');
    }
  }

  #transitions(fields: Fields, startAt: string, group: Fields, states: ReadonlyMap<string, State>): void {
    const missing = (target: string, location: string): void => {
      this.#diagnostics.add('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${target}`, location);
    };
    if (fields.has('StartAt') && group.value[startAt] === undefined) missing(startAt, fields.at('StartAt'));
    const reached = new Set([startAt]);
    for (const [name, state] of states) {
      for (const { target, key } of transitions(state)) {
        reached.add(target);
        if (group.value[target] === undefined) missing(target, `${group.at(name)}/${key}`);
      }
    }
    for (const name of Object.keys(group.value)) {
      if (!reached.has(name))
        this.#diagnostics.add('MISSING_TRANSITION_TARGET', `State '${name}' is not reachable`, group.at(name));
    }
    const ends = [...states.values()].some(
      (state) =>
        state.type === 'Succeed' || state.type === 'Fail' || (state.type !== 'Choice' && state.next === undefined),
    );
    if (!ends && states.size > 0)
      this.#diagnostics.add('MISSING_END_STATE', 'There is no terminal state', group.location);
  }
}

function transitions(state: State): { target: string; key: string }[] {
  const found = state.next === undefined ? [] : [{ target: state.next, key: 'Next' }];
  if (state.type === 'Choice') {
    state.choices.forEach((rule, index) => {
      found.push({ target: rule.next, key: `Choices[${index}]/Next` });
    });
    if (state.default !== undefined) found.push({ target: state.default, key: 'Default' });
  }
  if ('catch' in state) {
    state.catch.forEach((catcher, index) => {
      found.push({ target: catcher.next, key: `Catch[${index}]/Next` });
    });
  }
  return found;
}

function assignedBy(state: State): string[] {
  const rules = state.type === 'Choice' ? state.choices : 'catch' in state ? state.catch : [];
  return [state, ...rules].flatMap((part) => [...(part.assign?.keys() ?? [])]);
}

/** The variables a raw state assigns, in its own Assign, its rules' and its catchers'. */
function namesIn(state: Readonly<Record<string, Json>>): string[] {
  const lists = [state['Choices'], state['Catch']].flatMap((list) => (Array.isArray(list) ? list : []));
  return [state, ...lists].flatMap((part: Json) => {
    const assign = isJsonObject(part) ? part['Assign'] : undefined;
    return isJsonObject(assign) ? Object.keys(assign) : [];
  });
}
