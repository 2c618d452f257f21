import { Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** All stored data: the table, its keys and the papers and photographs. Nothing here is ever replaced or deleted with a deployment. */
export class DataStack extends Stack {
  readonly table: Table;
  readonly tableKey: Key;
  /** Wraps the data key under which ID, phone and account numbers are encrypted in their fields. */
  readonly personalDataKey: Key;
  readonly briefKey: Key;

  /** Papers of claims, put there by presigned requests from villages. */
  readonly documents: Bucket;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.tableKey = new Key(this, 'TableKey', {
      description: 'Shouwang: the table and the papers of claims at rest',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.personalDataKey = new Key(this, 'PersonalDataKey', {
      description: 'Shouwang: wraps the data key of ID, phone and account numbers',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // A key pair cannot be rotated; another is a new key, whose thumbprint the city is told (docs/operate/roll-up.md).
    this.briefKey = new Key(this, 'BriefKey', {
      description: 'Shouwang: signs the briefs that a district hands to its city',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
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
    // Sparse: only what somebody must still act on carries `open`, `<kind>#<district>`; and who is on a roster, by village (ADR 24).
    this.table.addGlobalSecondaryIndex({
      indexName: 'open',
      partitionKey: { name: 'open', type: AttributeType.STRING },
      sortKey: { name: 'openSort', type: AttributeType.STRING },
    });
    // The same by time across the whole district, for lists that a district office works through in that order (ADR 19).
    this.table.addGlobalSecondaryIndex({
      indexName: 'openAt',
      partitionKey: { name: 'open', type: AttributeType.STRING },
      sortKey: { name: 'openAt', type: AttributeType.STRING },
    });
    this.documents = new Bucket(this, 'Documents', {
      encryption: BucketEncryption.KMS,
      encryptionKey: this.tableKey,
      // One call to KMS for many papers.
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      // A browser puts a photograph straight here, and fetches a table's parts; the signature says which, so any origin may try.
      cors: [
        {
          allowedOrigins: ['*'],
          allowedMethods: [HttpMethods.PUT, HttpMethods.GET],
          allowedHeaders: ['content-type', 'x-amz-checksum-sha256'],
          maxAge: Duration.hours(1).toSeconds(),
        },
      ],
      lifecycleRules: [
        { noncurrentVersionExpiration: Duration.days(30) },
        // What was put and never taken in: refused, or never confirmed.
        { prefix: 'incoming/', expiration: Duration.days(7) },
        // Tables that somebody asked for: a week to fetch them (KEPT_DAYS), and nothing is left behind.
        { prefix: 'exchange/', expiration: Duration.days(7), noncurrentVersionExpiration: Duration.days(1) },
      ],
    });
    Validations.of(this.documents).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Who read a paper is in the data events of CloudTrail, kept for the whole account; a second log of the bucket would hold the same.',
    });
  }
}
