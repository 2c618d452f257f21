import { Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { answerNist } from '../nist.ts';

/** How long a root can be deleted by nobody, years: as long as the books of insurance longer than a year are kept (保险法 art. 87). */
const KEPT_YEARS = 10;

/** All stored data: the table, its keys and the papers and photographs. Nothing here is ever replaced or deleted with a deployment. */
export class DataStack extends Stack {
  readonly table: Table;
  readonly tableKey: Key;
  /** Wraps the data key under which ID, phone and account numbers are encrypted in their fields. */
  readonly personalDataKey: Key;
  readonly briefKey: Key;

  /** The daily roots of all chains, which nobody can delete or replace (ADR 22). */
  readonly auditRoots: Bucket;
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
    answerNist(this.table, ['DynamoDBInBackupPlan']);
    // Sparse: only what somebody must still act on carries `open`, `<kind>#<district>`; and who is on a roster, by village (ADR 25).
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
    this.auditRoots = this.#lockedBucket();
    answerNist(this.documents, ['S3BucketLoggingEnabled', 'S3BucketReplicationEnabled']);
    Validations.of(this.documents).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Who read a paper is in the data events of CloudTrail, kept for the whole account; a second log of the bucket would hold the same.',
    });
  }

  /**
   * Compliance and not governance: whoever is feared here has every right in the account, that to lift governance too. What lies here is a few digests and
   * no personal data, so nobody will ever have to delete it.
   */
  #lockedBucket(): Bucket {
    const bucket = new Bucket(this, 'AuditRoots', {
      // Not under the cell's key: who deletes that must not make the roots unreadable.
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(365 * KEPT_YEARS)),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const everybody = (actions: string[], conditions: Record<string, unknown> = {}) =>
      bucket.addToResourcePolicy(
        new PolicyStatement({
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions,
          resources: [bucket.arnForObjects('*')],
          conditions,
        }),
      );
    // A lock keeps the version that is there; a newer one would still be read instead of it.
    everybody(['s3:PutObject'], { Null: { 's3:if-none-match': 'true' } });
    everybody(['s3:DeleteObject', 's3:DeleteObjectVersion']);
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Written once a day by one function, and nobody can change what lies there: a log of the bucket would tell nothing more.',
    });
    answerNist(bucket, ['S3BucketLoggingEnabled', 'S3BucketReplicationEnabled']);
    answerNist(
      bucket,
      ['S3DefaultEncryptionKMS'],
      'Under S3’s own key: who deletes the cell’s must not make the roots unreadable.',
    );
    return bucket;
  }
}
