import type * as z from 'zod';
import { StartError } from '../errors.ts';
import { readAssembly } from './assembly.ts';
import type { Environment, Kind } from './kind.ts';
import * as compute from './kinds-compute.ts';
import * as data from './kinds-data.ts';
import * as edge from './kinds-edge.ts';
import * as events from './kinds-events.ts';
import * as http from './kinds-http.ts';
import * as storage from './kinds-storage.ts';
import { Stack } from './stack.ts';

const kinds: ReadonlyMap<string, Kind<unknown>> = new Map(
  [
    data.table,
    data.globalTable,
    data.key,
    data.keyAlias,
    data.logGroup,
    storage.bucket,
    storage.bucketPolicy,
    compute.role,
    compute.policy,
    compute.managedPolicy,
    compute.lambdaFunction,
    compute.version,
    compute.alias,
    compute.permission,
    compute.eventInvokeConfig,
    compute.stateMachine,
    compute.stateMachineVersion,
    compute.stateMachineAlias,
    compute.schedule,
    compute.scheduleGroup,
    events.eventBus,
    http.api,
    http.stage,
    http.route,
    http.integration,
    http.authorizer,
    edge.distribution,
    edge.edgeFunction,
    edge.responseHeadersPolicy,
    edge.bucketDeployment,
  ].map((each: Kind<unknown>) => [each.type, each]),
);

/** Resources that change nothing of what functions, workflows and callers see on one machine, with the reason. */
const INERT: Readonly<Record<string, string>> = {
  // A function that names a layer is refused, but for CDK's own that fills buckets (stack.ts).
  'AWS::Lambda::LayerVersion': 'holds the tool with which CDK fills buckets; that is done without it here',
  'AWS::CDK::Metadata': 'tells AWS which constructs are used',
  'AWS::CloudWatch::Alarm': 'watches metrics of AWS',
  'AWS::CloudWatch::CompositeAlarm': 'watches alarms',
  'AWS::CloudWatch::Dashboard': 'draws metrics of AWS',
  'AWS::Logs::MetricFilter': 'counts lines for an alarm',
  'AWS::Logs::QueryDefinition': 'a stored search',
  'AWS::Logs::ResourcePolicy': 'lets services of AWS write logs',
  'AWS::SQS::Queue': 'takes what failed for the last time; that is in the logs here, and sending to a queue is refused',
  'AWS::SQS::QueuePolicy': 'guards a queue',
  'AWS::SNS::Topic': 'carries alarms to people; publishing to it is refused',
  'AWS::SNS::TopicPolicy': 'guards a topic',
  'AWS::SNS::Subscription': 'carries alarms to people',
  'AWS::WAFv2::WebACL': 'guards the public address',
  'AWS::WAFv2::WebACLAssociation': 'guards the public address',
  'AWS::CloudFront::OriginAccessControl':
    'signs what a distribution reads from a bucket; within one process nothing is signed',
  'AWS::CloudFront::CachePolicy': 'nothing is cached here',
  'AWS::CloudFront::OriginRequestPolicy': 'an origin sees the whole request',
  'AWS::CodeDeploy::Application': 'lets a release in by and by; here it goes in at once',
  'AWS::CodeDeploy::DeploymentGroup': 'lets a release in by and by; here it goes in at once',
  'AWS::Backup::BackupVault': 'copies what the data folder holds',
  'AWS::Backup::BackupPlan': 'copies what the data folder holds',
  'AWS::Backup::BackupSelection': 'copies what the data folder holds',
  'AWS::Budgets::Budget': 'watches the bill',
  'AWS::ResourceGroups::Group': 'a view of the console of AWS',
};

/** A resource of one kind with its properties resolved and checked. */
export interface Resource<T> {
  stack: string;
  id: string;
  ref: string;
  arn: string;
  properties: T;
  /** The folder of an asset by its key. */
  asset: (key: string) => string | undefined;
}

/** What a cloud assembly deploys, resolved for one environment. */
export class Model {
  readonly environment: Environment;
  readonly #stacks: readonly Stack[];
  /** What `all` has given: to parse two hundred resources takes half of a start. */
  readonly #known = new Map<unknown, unknown>();

  /**
   * @param parameters values of the template's parameters by name
   * @throws StartError naming, by logical id and property path, everything that cannot be run faithfully
   */
  constructor(folder: string, environment: Environment, parameters: Record<string, string>) {
    this.environment = environment;
    const exports = new Map<string, unknown>();
    const sources = readAssembly(folder);
    if (sources.length === 0) throw new StartError(`${folder} holds no stack.`);
    for (const name of Object.keys(parameters)) {
      if (!sources.some(({ template }) => name in template.Parameters))
        throw new StartError(`No stack of ${folder} has a parameter ${name}.`);
    }
    this.#stacks = sources.map((source) => new Stack(source, { environment, kinds, given: parameters, exports }));
    const refused = this.#stacks.flatMap((stack) =>
      stack.resources().flatMap(({ id, type }) => refusals(stack, id, type)),
    );
    if (refused.length > 0)
      throw new StartError(`The template asks for what is not run locally:\n${refused.join('\n')}`);
  }

  /** The resources of a kind, in the order of the template. */
  all<T>(kind: Kind<T>): readonly Resource<T>[] {
    const known = this.#known.get(kind) as readonly Resource<T>[] | undefined;
    if (known !== undefined) return known;
    const found = this.#stacks.flatMap((stack) =>
      stack.resources().flatMap(({ id, type }) => {
        if (type !== kind.type) return [];
        const identity = stack.identity(id);
        const attributes = kind.attributes(identity);
        return [
          {
            stack: stack.name,
            id,
            ref: kind.ref(identity),
            arn: attributes['Arn'] ?? '',
            properties: kind.properties.parse(stack.properties(id)),
            asset: (key: string) => stack.asset(key),
          },
        ];
      }),
    );
    this.#known.set(kind, found);
    return found;
  }
}

function refusals(stack: Stack, id: string, type: string): string[] {
  if (type in INERT) return [];
  const kind = kinds.get(type);
  const place = `stack ${stack.name}, resource ${id} (${type})`;
  if (kind === undefined) return [`- ${place}: this resource type is not run locally.`];
  const result = kind.properties.safeParse(stack.properties(id));
  return (result.error?.issues ?? []).flatMap((issue) =>
    sentences(issue).map((sentence) => `- ${place}: Properties${sentence}.`),
  );
}

/** `.Path.to.property what is wrong`, one for each property. */
function sentences(issue: z.core.$ZodIssue, above: PropertyKey[] = []): string[] {
  const path = [...above, ...issue.path];
  const at = (more: readonly PropertyKey[]): string => [...path, ...more].map((part) => `.${String(part)}`).join('');
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${at([key])} is not run locally`);
  if (issue.code === 'invalid_union') {
    // The alternative that came furthest says what is meant.
    const options = issue.errors.map((issues) => issues.flatMap((inner) => sentences(inner, path)));
    const deepest = options.sort((a, b) => depth(b) - depth(a))[0];
    if (deepest !== undefined && deepest.length > 0) return deepest;
  }
  if (issue.code === 'invalid_key') return issue.issues.map((inner) => `${at([])} ${inner.message}`);
  return [`${at([])} ${issue.message}`];
}

function depth(sentencesOf: string[]): number {
  return Math.max(0, ...sentencesOf.map((sentence) => sentence.split(' ')[0]?.split('.').length ?? 0));
}
