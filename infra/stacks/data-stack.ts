import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** What is kept: the table and its keys. Nothing here is ever replaced or deleted with a deployment. */
export class DataStack extends Stack {
  readonly table: Table;
  readonly tableKey: Key;
  /** Wraps the data key under which ID, phone and account numbers are encrypted in their fields. */
  readonly personalDataKey: Key;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.tableKey = new Key(this, 'TableKey', {
      description: 'Shouwang: the table at rest',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.personalDataKey = new Key(this, 'PersonalDataKey', {
      description: 'Shouwang: wraps the data key of ID, phone and account numbers',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.tableKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      timeToLiveAttribute: 'expiresAt',
    });
    // Sparse: only what somebody must still act on carries `open`, `<kind>#<district>`.
    this.table.addGlobalSecondaryIndex({
      indexName: 'open',
      partitionKey: { name: 'open', type: AttributeType.STRING },
      sortKey: { name: 'openSort', type: AttributeType.STRING },
    });
  }
}
