import { CfnCondition, CfnParameter, Fn, type Stack, Token } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';

/** The table a deployment works on. */
export interface TableInUse {
  name: string;
  arn: string;
}

/**
 * The data stack's table, or the one that it was restored into: a restore makes a new table, and each stack that needs it is then deployed with its name. Each
 * asks for itself: CloudFormation refuses another value of an export that a second stack has imported.
 */
export function tableInUse(scope: Stack, { tableName }: Table): TableInUse {
  const restored = new CfnParameter(scope, 'RestoredTable', {
    description: 'The table that data was restored into (docs/runbooks/restore.md); none: the data stack’s own',
    default: 'none',
    // As long as it may be in the description of a function, beside the other settings.
    allowedPattern: '^[A-Za-z0-9_.-]{3,100}$',
  }).valueAsString;
  const none = new CfnCondition(scope, 'HasNoRestoredTable', { expression: Fn.conditionEquals(restored, 'none') });
  const name = Token.asString(Fn.conditionIf(none.logicalId, tableName, restored));
  return { name, arn: scope.formatArn({ service: 'dynamodb', resource: 'table', resourceName: name }) };
}
