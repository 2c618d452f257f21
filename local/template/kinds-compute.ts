import * as z from 'zod';
import { absent, arn, type Identity, inert, kind, names, whole } from './kind.ts';
import { policyDocument } from './policy-document.ts';

const TAGS = 'tags are for bills and owners';
const WORDS = 'words';
const path = z.string().startsWith('/').default('/');

export const role = kind({
  type: 'AWS::IAM::Role',
  nameProperty: 'RoleName',
  longestName: 64,
  properties: z.strictObject({
    RoleName: z.string().optional(),
    Path: path,
    AssumeRolePolicyDocument: policyDocument,
    Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: policyDocument })).default([]),
    ManagedPolicyArns: names.default([]),
    Description: inert(WORDS),
    MaxSessionDuration: inert('keys of a local function last as long as the stack'),
    Tags: inert(TAGS),
  }),
  ref: ({ name }) => name,
  attributes: ({ environment, name, property, stack, logicalId }) => {
    const folder = property('Path');
    return {
      Arn: `arn:${environment.partition}:iam::${environment.accountId}:role${typeof folder === 'string' ? folder : '/'}${name}`,
      RoleId: `AROA${stack}${logicalId}`,
    };
  },
});

export const policy = kind({
  type: 'AWS::IAM::Policy',
  nameProperty: 'PolicyName',
  properties: z.strictObject({
    PolicyName: z.string(),
    PolicyDocument: policyDocument,
    Roles: names.default([]),
    Users: absent,
    Groups: absent,
  }),
  ref: ({ name }) => name,
  attributes: () => ({}),
});

export const managedPolicy = kind({
  type: 'AWS::IAM::ManagedPolicy',
  nameProperty: 'ManagedPolicyName',
  properties: z.strictObject({
    ManagedPolicyName: z.string().optional(),
    Path: path,
    PolicyDocument: policyDocument,
    Roles: names.default([]),
    Users: absent,
    Groups: absent,
    Description: inert(WORDS),
  }),
  ref: ({ environment, name, property }) => {
    const folder = property('Path');
    return `arn:${environment.partition}:iam::${environment.accountId}:policy${typeof folder === 'string' ? folder : '/'}${name}`;
  },
  attributes: () => ({}),
});

export const lambdaFunction = kind({
  type: 'AWS::Lambda::Function',
  nameProperty: 'FunctionName',
  longestName: 64,
  properties: z.strictObject({
    FunctionName: z.string().optional(),
    Code: z.strictObject(
      { S3Bucket: z.string(), S3Key: z.string() },
      { error: 'must be an asset folder of the assembly' },
    ),
    Handler: z.string(),
    Runtime: z.string().regex(/^nodejs\d+\.x$/, 'must be a Node.js runtime'),
    Role: z.string(),
    MemorySize: whole.default(128),
    Timeout: whole.default(3),
    Environment: z
      .strictObject({ Variables: z.record(z.string(), z.coerce.string()).default({}) })
      .default({ Variables: {} }),
    ReservedConcurrentExecutions: whole.optional(),
    PackageType: z.literal('Zip').optional(),
    LoggingConfig: z
      .strictObject({
        LogGroup: z.string().optional(),
        LogFormat: inert('lines are written as the function wrote them'),
        ApplicationLogLevel: inert('lines are written as the function wrote them'),
        SystemLogLevel: inert('lines are written as the function wrote them'),
      })
      .optional(),
    Architectures: z.array(z.enum(['arm64', 'x86_64'])).default(['x86_64']),
    EphemeralStorage: inert('the disk of the machine is not rationed'),
    TracingConfig: inert('no traces are collected'),
    RecursiveLoop: inert('loops are not looked for'),
    RuntimeManagementConfig: inert('the runtime is the Node.js that runs the stack'),
    KmsKeyArn: inert('variables are given to the function in the clear, as on AWS'),
    Description: inert(WORDS),
    Tags: inert(TAGS),
    DeadLetterConfig: inert('an event that failed for the last time is told in the log of the function'),
    Layers: absent,
    FileSystemConfigs: absent,
  }),
  ref: ({ name }) => name,
  attributes: ({ environment, name }) => ({ Arn: arn(environment, 'lambda', `function:${name}`) }),
});

/** `function:name` of an ARN, a name or `name:qualifier`. */
export function functionName(reference: string): string {
  return /:function:([^:]+)/.exec(reference)?.[1] ?? reference.split(':')[0] ?? reference;
}

const ONE_CODE = 'there is one version of the code, the one in the assembly';

export const version = kind({
  type: 'AWS::Lambda::Version',
  properties: z.strictObject({
    FunctionName: z.string(),
    CodeSha256: inert(ONE_CODE),
    Description: inert(WORDS),
    ProvisionedConcurrencyConfig: inert('workers start in milliseconds'),
    RuntimePolicy: inert(ONE_CODE),
  }),
  ref: ({ environment, property }) =>
    arn(environment, 'lambda', `function:${functionName(String(property('FunctionName')))}:1`),
  attributes: () => ({ Version: '1' }),
});

export const alias = kind({
  type: 'AWS::Lambda::Alias',
  nameProperty: 'Name',
  properties: z.strictObject({
    FunctionName: z.string(),
    FunctionVersion: z.string(),
    Name: z.string(),
    Description: inert(WORDS),
    ProvisionedConcurrencyConfig: inert('workers start in milliseconds'),
  }),
  ref: ({ environment, name, property }) =>
    arn(environment, 'lambda', `function:${functionName(String(property('FunctionName')))}:${name}`),
  attributes: () => ({}),
});

export const permission = kind({
  type: 'AWS::Lambda::Permission',
  properties: z.strictObject({
    Action: z.string(),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
  }),
  ref: ({ name }) => name,
  attributes: () => ({}),
});

export const eventInvokeConfig = kind({
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: z.strictObject({
    FunctionName: z.string(),
    Qualifier: z.string(),
    MaximumRetryAttempts: whole.optional(),
    MaximumEventAgeInSeconds: whole.optional(),
  }),
  ref: ({ name }) => name,
  attributes: () => ({}),
});

export const stateMachine = kind({
  type: 'AWS::StepFunctions::StateMachine',
  nameProperty: 'StateMachineName',
  longestName: 80,
  properties: z.strictObject({
    StateMachineName: z.string().optional(),
    StateMachineType: z.enum(['STANDARD', 'EXPRESS']).default('STANDARD'),
    RoleArn: z.string(),
    DefinitionString: z.string().optional(),
    Definition: z.record(z.string(), z.unknown()).optional(),
    DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
    LoggingConfiguration: inert('the history of an execution is kept whole'),
    TracingConfiguration: inert('no traces are collected'),
    EncryptionConfiguration: inert('the data folder is as safe as the disk it is on'),
    Tags: inert(TAGS),
  }),
  ref: ({ environment, name }) => arn(environment, 'states', `stateMachine:${name}`),
  attributes: ({ environment, name }) => ({
    Arn: arn(environment, 'states', `stateMachine:${name}`),
    Name: name,
    StateMachineRevisionId: 'local',
  }),
});

export const stateMachineVersion = kind({
  type: 'AWS::StepFunctions::StateMachineVersion',
  properties: z.strictObject({
    StateMachineArn: z.string(),
    StateMachineRevisionId: inert('there is one revision of the machine, the one in the assembly'),
    Description: inert(WORDS),
  }),
  ref: ({ property }) => `${String(property('StateMachineArn'))}:1`,
  attributes: ({ property }) => ({ Arn: `${String(property('StateMachineArn'))}:1` }),
});

/** Of one version, whole: a share of two is a deployment under way, and none is here. */
export const stateMachineAlias = kind({
  type: 'AWS::StepFunctions::StateMachineAlias',
  nameProperty: 'Name',
  properties: z.strictObject({
    Name: z.string(),
    Description: inert(WORDS),
    RoutingConfiguration: z
      .array(z.strictObject({ StateMachineVersionArn: z.string(), Weight: whole }))
      .length(1, 'must hold one version: a share of two is not run locally')
      .optional(),
    DeploymentPreference: z
      .strictObject({
        StateMachineVersionArn: z.string(),
        Type: inert('a release goes in at once here'),
        Percentage: inert('a release goes in at once here'),
        Interval: inert('a release goes in at once here'),
        Alarms: inert('watches metrics of AWS'),
      })
      .optional(),
  }),
  ref: aliasArn,
  attributes: (identity) => ({ Arn: aliasArn(identity) }),
});

/** An alias has its machine's ARN, with its name instead of the version's number. */
function aliasArn({ name, property }: Identity): string {
  const preference: unknown = property('DeploymentPreference') ?? Object([property('RoutingConfiguration')].flat()[0]);
  return `${String(Object(preference)['StateMachineVersionArn']).replace(/:\d+$/, '')}:${name}`;
}

export const schedule = kind({
  type: 'AWS::Scheduler::Schedule',
  nameProperty: 'Name',
  longestName: 64,
  properties: z.strictObject({
    Name: z.string().optional(),
    GroupName: z.string().default('default'),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().default('UTC'),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    StartDate: z.iso.datetime().optional(),
    EndDate: z.iso.datetime().optional(),
    FlexibleTimeWindow: z.strictObject({
      Mode: z.literal('OFF', { error: 'must be OFF: a random moment cannot be replayed' }),
    }),
    Target: z.strictObject({
      Arn: z.string(),
      RoleArn: z.string(),
      Input: z.string().optional(),
      DeadLetterConfig: inert('a call that failed for the last time is told in the log of the stack'),
      RetryPolicy: z
        .strictObject({ MaximumEventAgeInSeconds: whole.default(86_400), MaximumRetryAttempts: whole.default(185) })
        .default({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }),
    }),
    KmsKeyArn: inert('the data folder is as safe as the disk it is on'),
    Description: inert(WORDS),
  }),
  ref: ({ name }) => name,
  attributes: ({ environment, name, property }) => ({
    Arn: arn(environment, 'scheduler', `schedule/${String(property('GroupName') ?? 'default')}/${name}`),
  }),
});

export const scheduleGroup = kind({
  type: 'AWS::Scheduler::ScheduleGroup',
  nameProperty: 'Name',
  longestName: 64,
  properties: z.strictObject({ Name: z.string().optional(), Tags: inert(TAGS) }),
  ref: ({ name }) => name,
  attributes: ({ environment, name }) => ({ Arn: arn(environment, 'scheduler', `schedule-group/${name}`) }),
});
