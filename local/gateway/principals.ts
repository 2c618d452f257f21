import { randomBytes } from 'node:crypto';
import { AwsError, StartError } from '../errors.ts';
import { type lambdaFunction, managedPolicy, policy, role, stateMachine } from '../template/kinds-compute.ts';
import { globalTable, key, table } from '../template/kinds-data.ts';
import { bucket, bucketPolicy } from '../template/kinds-storage.ts';
import type { Model, Resource } from '../template/model.ts';
import type { Statement } from '../template/policy-document.ts';
import { type Access, compile, type Decision, evaluate, type Rule } from './policy.ts';
import type { Uses } from './uses.ts';

/** Who calls. */
export interface Principal {
  /** What the meter and the faults call it: the function, the state machine, the schedule, or `operator`. */
  name: string;
  /** As AWS names it in its answers. */
  arn: string;
  roleArn: string | undefined;
  /** Undefined: may do everything. */
  rules: readonly Rule[] | undefined;
}

export interface KeyPair {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Managed policies of AWS that a function's role commonly has. They only permit writing logs and traces, which need no call here. */
const MANAGED =
  /:iam::aws:policy\/(service-role\/AWSLambdaBasicExecutionRole|AWSXRayDaemonWriteAccess|CloudWatchLambdaInsightsExecutionRolePolicy)$/;

/** The identities of a stack, their keys, and what they may do. */
export class Principals {
  readonly operator: Principal;
  readonly operatorKeys: KeyPair = keyPair();
  readonly #model: Model;
  readonly #roles = new Map<string, { name: string; rules: Rule[] }>();
  readonly #byKey = new Map<string, { principal: Principal; secret: string }>();
  readonly #byRole = new Map<string, Principal>();
  readonly #keyPolicies: ReadonlyMap<string, readonly Rule[]>;
  readonly #bucketPolicies: ReadonlyMap<string, readonly Rule[]>;
  readonly #tableKeys: ReadonlyMap<string, string>;

  readonly #uses: Uses | undefined;
  /** Logical names of roles by their ARNs. */
  readonly #names = new Map<string, string>();
  readonly #noted = new Set<string>();

  /**
   * @param uses notes which rights are used
   * @throws StartError when a role grants by a policy that is not in the template, or is trusted to nobody who uses it
   */
  constructor(model: Model, uses?: Uses) {
    this.#model = model;
    this.#uses = uses;
    const { accountId, partition } = model.environment;
    this.operator = {
      name: 'operator',
      arn: `arn:${partition}:iam::${accountId}:user/operator`,
      roleArn: undefined,
      rules: undefined,
    };
    this.#byKey.set(this.operatorKeys.accessKeyId, {
      principal: this.operator,
      secret: this.operatorKeys.secretAccessKey,
    });
    for (const each of model.all(role)) {
      const statements = statementsOf(model, each);
      this.#roles.set(each.arn, { name: each.ref, rules: compile(statements) });
      this.#names.set(each.arn, each.id);
      uses?.grant(each.id, statements);
    }
    for (const machine of model.all(stateMachine)) this.#trusted(machine.properties.RoleArn, 'states', machine.id);
    this.#keyPolicies = new Map(
      model.all(key).map((each) => [each.arn, compile(each.properties.KeyPolicy?.Statement ?? [])]),
    );
    const buckets = new Map(model.all(bucket).map((each) => [each.ref, each.arn]));
    this.#bucketPolicies = new Map(
      model
        .all(bucketPolicy)
        .map(({ properties }) => [buckets.get(properties.Bucket) ?? '', compile(properties.PolicyDocument.Statement)]),
    );
    this.#tableKeys = tableKeys(model);
  }

  /** A key pair for a function, and who signs with it. */
  forFunction(source: Resource<ReturnType<typeof lambdaFunction.properties.parse>>): KeyPair {
    const { name, rules } = this.#trusted(source.properties.Role, 'lambda', source.id);
    const keys = keyPair();
    this.#byKey.set(keys.accessKeyId, {
      principal: { name: source.ref, arn: this.#sessionArn(name, source.ref), roleArn: source.properties.Role, rules },
      secret: keys.secretAccessKey,
    });
    return keys;
  }

  /**
   * A service that took on a role of the template.
   * @param session what AWS would call the session; it names the principal in the meter too
   * @throws AwsError when the role is not in the template
   */
  forRole(roleArn: string, session: string): Principal {
    const id = `${roleArn} ${session}`;
    const known = this.#byRole.get(id);
    if (known !== undefined) return known;
    const found = this.#roles.get(roleArn);
    if (found === undefined)
      throw new AwsError('AccessDeniedException', `Role ${roleArn} cannot be assumed: it is not in the template.`);
    const principal = { name: session, arn: this.#sessionArn(found.name, session), roleArn, rules: found.rules };
    this.#byRole.set(id, principal);
    return principal;
  }

  byKey(accessKeyId: string): { principal: Principal; secret: string } | undefined {
    return this.#byKey.get(accessKeyId);
  }

  /** @throws AwsError AccessDeniedException, in AWS's words, for the first access that is not permitted */
  authorize(principal: Principal, accesses: readonly Access[]): void {
    if (principal.rules === undefined) return;
    for (const access of accesses) {
      this.#demand(principal, access);
      const customerKey = this.#tableKeys.get(access.resource.split('/index/')[0] ?? '');
      // A table under a customer's key is opened with the caller's own right to the key.
      if (customerKey !== undefined) this.#demand(principal, this.#throughDynamoDb(customerKey));
    }
  }

  /** Whether an access is permitted. */
  may(principal: Principal, access: Access): boolean {
    return principal.rules === undefined || this.#decide(principal, access) === 'allow';
  }

  /** @throws StartError when the role does not exist or its trust policy leaves out the service */
  trusted(roleArn: string, service: string, logicalId: string): void {
    this.#trusted(roleArn, service, logicalId);
  }

  /** Notes a use once. */
  #note({ roleArn = '' }: Principal, access: Access, allowed: boolean): void {
    if (this.#uses === undefined) return;
    const name = this.#names.get(roleArn) ?? roleArn;
    const key = `${name} ${access.action} ${access.resource} ${allowed}`;
    if (this.#noted.has(key)) return;
    this.#noted.add(key);
    this.#uses.note(name, access, allowed);
  }

  #demand(principal: Principal, access: Access): void {
    const decision = this.#decide(principal, access);
    this.#note(principal, access, decision === 'allow');
    if (decision === 'allow') return;
    const reason =
      decision === 'explicit-deny'
        ? `with an explicit deny in ${evaluate(principal.rules ?? [], access) === 'explicit-deny' ? 'an identity' : 'a resource'}-based policy`
        : `because no identity-based policy allows the ${access.action} action`;
    throw new AwsError(
      'AccessDeniedException',
      `User: ${principal.arn} is not authorized to perform: ${access.action} on resource: ${access.resource} ${reason}`,
    );
  }

  #decide(principal: Principal, access: Access): Decision {
    const own = evaluate(principal.rules ?? [], access);
    const service = access.action.split(':')[0];
    if ((service !== 'kms' && service !== 's3') || own === 'explicit-deny') return own;
    const isKey = service === 'kms';
    const rules = isKey
      ? this.#keyPolicies.get(access.resource)
      : this.#bucketPolicies.get(access.resource.split('/')[0] ?? '');
    // A key without a policy of its own gets AWS's default: the account's identity policies decide. So it is with every bucket.
    if (rules === undefined || rules.length === 0) return own;
    const { accountId, partition } = this.#model.environment;
    const account = [accountId, `arn:${partition}:iam::${accountId}:root`];
    const speaksOf = (names: readonly string[]) => (rule: Rule) =>
      rule.principals?.some((name) => names.includes(name)) === true;
    const direct = rules.filter(speaksOf(['*', principal.arn, principal.roleArn ?? '']));
    const delegated = rules.filter(speaksOf(account));
    if (evaluate([...direct, ...delegated], access) === 'explicit-deny') return 'explicit-deny';
    if (evaluate(direct, access) === 'allow') return 'allow';
    return !isKey || evaluate(delegated, access) === 'allow' ? own : 'implicit-deny';
  }

  #throughDynamoDb(keyArn: string): Access {
    const { accountId, region } = this.#model.environment;
    return {
      action: 'kms:Decrypt',
      resource: keyArn,
      context: { 'kms:viaservice': [`dynamodb.${region}.amazonaws.com`], 'kms:calleraccount': [accountId] },
    };
  }

  #trusted(roleArn: string, service: string, logicalId: string): { name: string; rules: Rule[] } {
    const found = this.#roles.get(roleArn);
    const trust =
      this.#model.all(role).find(({ arn }) => arn === roleArn)?.properties.AssumeRolePolicyDocument.Statement ?? [];
    const trusts = trust.some(
      ({ Effect, Principal }) =>
        Effect === 'Allow' &&
        Object.values(Principal ?? {})
          .flat()
          .includes(`${service}.amazonaws.com`),
    );
    if (found === undefined || !trusts)
      throw new StartError(
        `Resource ${logicalId}: its role ${roleArn} is not in the template, or does not trust ${service}.amazonaws.com.`,
      );
    return found;
  }

  #sessionArn(roleName: string, session: string): string {
    const { accountId, partition } = this.#model.environment;
    return `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${session}`;
  }
}

function statementsOf(model: Model, source: Resource<ReturnType<typeof role.properties.parse>>): Statement[] {
  const managed = model.all(managedPolicy);
  return [
    ...source.properties.Policies.flatMap((each) => each.PolicyDocument.Statement),
    ...[...model.all(policy), ...managed]
      .filter((each) => each.properties.Roles.includes(source.ref))
      .flatMap((each) => each.properties.PolicyDocument.Statement),
    ...source.properties.ManagedPolicyArns.flatMap((arn) => {
      const own = managed.find(({ ref }) => ref === arn);
      if (own === undefined && !MANAGED.test(arn)) {
        throw new StartError(
          `Resource ${source.id} (AWS::IAM::Role): Properties.ManagedPolicyArns holds ${arn}, whose contents are not in the template.`,
        );
      }
      return own?.properties.PolicyDocument.Statement ?? [];
    }),
  ];
}

/** Customer keys by the ARN of the table they encrypt. */
function tableKeys(model: Model): Map<string, string> {
  const keys = model.all(key);
  const arnOf = (reference: string): string =>
    keys.find(({ ref, arn }) => reference === ref || reference === arn)?.arn ?? reference;
  return new Map(
    [
      ...model.all(table).map(({ arn, properties }) => [arn, properties.SSESpecification?.KMSMasterKeyId] as const),
      ...model
        .all(globalTable)
        .map(({ arn, properties }) => [arn, properties.Replicas[0]?.SSESpecification?.KMSMasterKeyId] as const),
    ].flatMap(([arn, reference]) => (reference === undefined ? [] : [[arn, arnOf(reference)] as const])),
  );
}

function keyPair(): KeyPair {
  return {
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
}
