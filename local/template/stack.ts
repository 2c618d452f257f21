import { StartError } from '../errors.ts';
import type { Parameter, StackSource } from './assembly.ts';
import { type Environment, type Identity, type Kind, stableId } from './kind.ts';

/** What AWS::NoValue leaves behind; it is removed from lists and objects. */
const NOTHING = Symbol('AWS::NoValue');

type Properties = Record<string, unknown>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A stack of the template with its parameters given: resolves every intrinsic function to the value it would have when deployed. */
export class Stack {
  readonly name: string;
  readonly #source: StackSource;
  readonly #environment: Environment;
  readonly #kinds: ReadonlyMap<string, Kind<unknown>>;
  readonly #parameters: ReadonlyMap<string, string | string[]>;
  readonly #exports: Map<string, unknown>;
  readonly #conditions = new Map<string, boolean>();
  readonly #resolving = new Set<string>();
  /** What was worked out once: nothing of it changes while the stack runs, and each start asks for it a dozen times. */
  readonly #properties = new Map<string, Properties>();
  #resources: readonly { id: string; type: string }[] | undefined;

  /**
   * @param given values of parameters by name; those of other stacks are ignored
   * @param exports of the stacks before; this stack's own are added
   */
  constructor(
    source: StackSource,
    context: {
      environment: Environment;
      kinds: ReadonlyMap<string, Kind<unknown>>;
      given: Record<string, string>;
      exports: Map<string, unknown>;
    },
  ) {
    this.name = source.name;
    this.#source = source;
    this.#environment = context.environment;
    this.#kinds = context.kinds;
    this.#exports = context.exports;
    this.#parameters = new Map(
      Object.entries(source.template.Parameters).map(([id, parameter]) => [
        id,
        parameterValue(source.name, id, parameter, context.given[id]),
      ]),
    );
    for (const [id, output] of Object.entries(source.template.Outputs)) {
      if (output.Export === undefined || (output.Condition !== undefined && !this.#condition(output.Condition)))
        continue;
      this.#exports.set(
        String(this.resolve(output.Export.Name, `Outputs.${id}.Export.Name`)),
        this.resolve(output.Value, `Outputs.${id}.Value`),
      );
    }
  }

  /** The resources whose condition holds, but for the functions whose work is done without them. */
  resources(): readonly { id: string; type: string }[] {
    this.#resources ??= this.#standing();
    return this.#resources;
  }

  #standing(): { id: string; type: string }[] {
    const done = this.#copiers();
    return Object.entries(this.#source.template.Resources).flatMap(([id, { Type, Condition }]) =>
      !done.has(id) && (Condition === undefined || this.#condition(Condition)) ? [{ id, type: Type }] : [],
    );
  }

  /** CDK's own functions that fill a bucket at deployment: Python with a layer, called by nothing but the resource that local runs itself. */
  #copiers(): Set<string> {
    return new Set(
      Object.values(this.#source.template.Resources).flatMap(({ Type, Properties }) => {
        const token = Type === 'Custom::CDKBucketDeployment' ? Properties['ServiceToken'] : undefined;
        const named: unknown = isRecord(token) ? token['Fn::GetAtt'] : undefined;
        return Array.isArray(named) ? [String(named[0])] : [];
      }),
    );
  }

  properties(id: string): Properties {
    const known = this.#properties.get(id);
    if (known !== undefined) return known;
    const resolved = this.resolve(this.#source.template.Resources[id]?.Properties ?? {}, `${id}.Properties`);
    const properties = isRecord(resolved) ? resolved : {};
    this.#properties.set(id, properties);
    return properties;
  }

  /** The folder of an asset by the key it would be uploaded under. */
  asset(key: string): string | undefined {
    return this.#source.assets.get(key);
  }

  identity(id: string): Identity {
    const resource = this.#source.template.Resources[id];
    const kind = this.#kinds.get(resource?.Type ?? '');
    const property = (name: string): unknown => this.resolve(resource?.Properties[name], `${id}.Properties.${name}`);
    const given = kind?.nameProperty === undefined ? undefined : property(kind.nameProperty);
    const name = typeof given === 'string' ? given : generatedName(this.name, id, kind?.longestName ?? 128);
    return { environment: this.#environment, stack: this.name, logicalId: id, name, property };
  }

  /** @param path where the value stands, for messages */
  resolve(value: unknown, path: string): unknown {
    const resolved = this.#value(value, path);
    return resolved === NOTHING ? undefined : resolved;
  }

  #value(value: unknown, path: string): unknown {
    if (Array.isArray(value))
      return value.map((item, index) => this.#value(item, `${path}.${index}`)).filter((item) => item !== NOTHING);
    if (!isRecord(value)) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (
      entries.length === 1 &&
      only !== undefined &&
      (only[0] === 'Ref' || only[0] === 'Condition' || only[0].startsWith('Fn::'))
    ) {
      if (only[0] !== 'Condition' || typeof only[1] === 'string') return this.#intrinsic(only[0], only[1], path);
    }
    return Object.fromEntries(
      entries
        .map(([key, item]) => [key, this.#value(item, `${path}.${key}`)] as const)
        .filter(([, item]) => item !== NOTHING),
    );
  }

  #intrinsic(name: string, argument: unknown, path: string): unknown {
    const list = (): unknown[] => {
      const items = this.#value(argument, path);
      return Array.isArray(items) ? items : this.#refuse(path, `${name} takes a list`);
    };
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument), path);
      case 'Fn::GetAtt': {
        const [id, attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split(/\.(.*)/s);
        return this.#attribute(id ?? '', attribute ?? '', path);
      }
      case 'Fn::Sub':
        return this.#sub(argument, path);
      case 'Fn::Join': {
        const [separator, items] = list();
        return Array.isArray(items)
          ? items.map(String).join(String(separator))
          : this.#refuse(path, 'Fn::Join takes a list of texts');
      }
      case 'Fn::Split': {
        const [separator, text] = list();
        return String(text).split(String(separator));
      }
      case 'Fn::Select': {
        const [index, items] = list();
        const item: unknown = Array.isArray(items) ? items[Number(index)] : undefined;
        return item ?? this.#refuse(path, 'Fn::Select finds nothing there');
      }
      case 'Fn::FindInMap': {
        const [map, first, second] = list().map(String);
        return (
          this.#source.template.Mappings[map ?? '']?.[first ?? '']?.[second ?? ''] ??
          this.#refuse(path, `mapping ${map} has no ${first}.${second}`)
        );
      }
      case 'Fn::ImportValue': {
        const key = String(this.#value(argument, path));
        return this.#exports.get(key) ?? this.#refuse(path, `no stack before this one exports ${key}`);
      }
      case 'Fn::Base64':
        return Buffer.from(String(this.#value(argument, path))).toString('base64');
      case 'Fn::If': {
        const [condition, yes, no] = Array.isArray(argument) ? argument : [];
        return this.#value(this.#condition(String(condition)) ? yes : no, path);
      }
      case 'Fn::GetAZs':
        return [`${this.#environment.region}a`];
      case 'Condition':
        return this.#condition(String(argument));
      case 'Fn::Equals': {
        const [left, right] = list();
        return String(left) === String(right);
      }
      case 'Fn::And':
        return list().every((item) => item === true);
      case 'Fn::Or':
        return list().some((item) => item === true);
      case 'Fn::Not':
        return list()[0] !== true;
      default:
        return this.#refuse(path, `${name} is not run locally`);
    }
  }

  #ref(id: string, path: string): unknown {
    const { accountId, partition, region } = this.#environment;
    switch (id) {
      case 'AWS::NoValue':
        return NOTHING;
      case 'AWS::AccountId':
        return accountId;
      case 'AWS::Partition':
        return partition;
      case 'AWS::Region':
        return region;
      case 'AWS::StackName':
        return this.name;
      case 'AWS::StackId':
        return `arn:${partition}:cloudformation:${region}:${accountId}:stack/${this.name}/${stableId({ stack: this.name, logicalId: '' }, 32)}`;
      case 'AWS::URLSuffix':
        return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
      case 'AWS::NotificationARNs':
        return [];
    }
    const parameter = this.#parameters.get(id);
    if (parameter !== undefined) return parameter;
    return this.#guarded(id, path, (kind) =>
      kind === undefined ? generatedName(this.name, id, 128) : kind.ref(this.identity(id)),
    );
  }

  #attribute(id: string, attribute: string, path: string): unknown {
    return this.#guarded(id, path, (kind) => {
      // An inert resource has no parts that could be asked for: any attribute is a text that names it.
      if (kind === undefined) return `${generatedName(this.name, id, 128)}.${attribute}`;
      return (
        kind.attributes(this.identity(id))[attribute] ??
        this.#refuse(path, `attribute ${attribute} of ${id} (${kind.type}) is not known locally`)
      );
    });
  }

  /** Names may refer to other resources' names; a circle would never end. */
  #guarded(id: string, path: string, find: (kind: Kind<unknown> | undefined) => string): string {
    const resource = this.#source.template.Resources[id];
    if (resource === undefined) return this.#refuse(path, `${id} is neither a parameter nor a resource`);
    if (this.#resolving.has(id)) return this.#refuse(path, `${id} refers to itself`);
    this.#resolving.add(id);
    try {
      return find(this.#kinds.get(resource.Type));
    } finally {
      this.#resolving.delete(id);
    }
  }

  #sub(argument: unknown, path: string): string {
    const [template, variables] = Array.isArray(argument) ? argument : [argument];
    const own = isRecord(variables) ? variables : {};
    return String(template).replace(/\$\{([^}]*)\}/g, (_whole, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (name in own) return String(this.#value(own[name], path));
      return String(name.includes('.') ? this.#intrinsic('Fn::GetAtt', name, path) : this.#ref(name, path));
    });
  }

  #condition(name: string): boolean {
    const known = this.#conditions.get(name);
    if (known !== undefined) return known;
    const expression = this.#source.template.Conditions[name];
    if (expression === undefined) return this.#refuse(`Conditions.${name}`, 'is not defined');
    const holds = this.#value(expression, `Conditions.${name}`) === true;
    this.#conditions.set(name, holds);
    return holds;
  }

  #refuse(path: string, reason: string): never {
    throw new StartError(`Stack ${this.name}, ${path}: ${reason}.`);
  }
}

function generatedName(stack: string, id: string, longest: number): string {
  const name = `${stack}-${id}`;
  return name.length <= longest ? name : `${name.slice(0, longest - 9)}-${stableId({ stack, logicalId: id }, 8)}`;
}

/** CDK's check of its own bootstrap stack: only its rules read it, and those concern the account that deploys. */
const BOOTSTRAP_VERSION = 'BootstrapVersion';

function parameterValue(stack: string, id: string, parameter: Parameter, given: string | undefined): string | string[] {
  const refuse = (reason: string): never => {
    throw new StartError(`Stack ${stack}, parameter ${id}: ${reason}`);
  };
  if (parameter.Type.startsWith('AWS::') && id !== BOOTSTRAP_VERSION && given === undefined) {
    return refuse(`its type ${parameter.Type} reads from an account. Give it a value.`);
  }
  const value = given ?? parameter.Default?.toString();
  if (value === undefined) return refuse('it has no default and was given no value.');
  const fail = (rule: string): never => refuse(`"${value}" ${parameter.ConstraintDescription ?? rule}.`);
  if (parameter.AllowedValues !== undefined && !parameter.AllowedValues.map(String).includes(value))
    fail(`is none of ${parameter.AllowedValues.join(', ')}`);
  if (parameter.AllowedPattern !== undefined && !new RegExp(`^(?:${parameter.AllowedPattern})$`).test(value))
    fail(`does not match ${parameter.AllowedPattern}`);
  if (value.length < (parameter.MinLength ?? 0) || value.length > (parameter.MaxLength ?? Number.POSITIVE_INFINITY))
    fail('has the wrong length');
  if (parameter.Type === 'Number' && (Number.isNaN(Number(value)) || value.trim() === '')) fail('is no number');
  if (
    Number(value) < (parameter.MinValue ?? Number.NEGATIVE_INFINITY) ||
    Number(value) > (parameter.MaxValue ?? Number.POSITIVE_INFINITY)
  )
    fail('is out of range');
  return parameter.Type === 'CommaDelimitedList' || parameter.Type.startsWith('List<')
    ? value.split(',').map((item) => item.trim())
    : value;
}
