import { Duration } from 'aws-cdk-lib';
import type { WorkflowName } from '../functions/contracts/workflows.ts';

/** What a function may do beyond writing its own log: exactly what its code calls, nothing by wildcard. */
export interface Grant {
  /** DynamoDB actions on the one table. Transactions ask for the actions of their items. */
  table?: readonly TableAction[];
  /** Query on the index of everything somebody must still act on. */
  openIndex?: true;
  /** Query on the index of the same, and of notices, by time. */
  timeIndex?: true;
  /** KMS actions on the key of people's data. */
  personalData?: readonly ('kms:Decrypt' | 'kms:GenerateDataKey')[];
  /** Signs with the key of briefs, and tells its public half. */
  signsBriefs?: true;
  /** Puts the daily roots of the chains, which nobody can delete. */
  writesAuditRoots?: true;
  /** S3 actions on files of one folder: the papers of claims, the photographs of evidence, or tables that were asked for. */
  documents?: { folder: 'claims' | 'evidence' | 'exchange'; actions: readonly ('s3:PutObject' | 's3:GetObject')[] };
  /** Deletes papers of claims and photographs of evidence, and does nothing else with them. */
  erasesDocuments?: true;
  /** Step Functions actions on the workflows' machines. Tokens carry no machine, so SendTask* is granted on each it may answer. */
  workflows?: Partial<Record<WorkflowName, readonly ('states:StartExecution' | 'states:SendTaskSuccess')[]>>;
  /** Puts domain events on the cell's bus. */
  events?: true;
  /** Writes metrics of its own, into its log. */
  metrics?: true;
  /** Default 29 s: a second less than the HTTP API waits. */
  timeout?: Duration;
  memory?: number;
}

type TableAction =
  | 'dynamodb:GetItem'
  | 'dynamodb:BatchGetItem'
  | 'dynamodb:Query'
  | 'dynamodb:PutItem'
  | 'dynamodb:BatchWriteItem'
  | 'dynamodb:UpdateItem'
  | 'dynamodb:PartiQLUpdate'
  | 'dynamodb:DeleteItem'
  | 'dynamodb:ConditionCheckItem';

/** Ends waits of either review. */
const answersReviews: Grant['workflows'] = {
  'case-admission': ['states:SendTaskSuccess'],
  'case-closure': ['states:SendTaskSuccess'],
};

export const grants: Readonly<Record<string, Grant>> = {
  households: {
    table: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:BatchWriteItem',
    ],
    personalData: ['kms:Decrypt', 'kms:GenerateDataKey'],
  },
  divisions: { table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'] },
  criteria: {
    table: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ],
    openIndex: true,
    personalData: ['kms:Decrypt'],
    erasesDocuments: true,
  },
  triage: { table: ['dynamodb:Query'] },
  rounds: {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    workflows: { 'quarterly-screening': ['states:StartExecution', 'states:SendTaskSuccess'] },
  },
  visits: {
    table: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:BatchWriteItem',
      'dynamodb:UpdateItem',
    ],
  },
  openapi: {},
  // No table: it calls this API in the caller's name, and keeps what it writes in a folder of its own. A whole processor, for unpacking and writing sheets.
  exchange: { memory: 1769, documents: { folder: 'exchange', actions: ['s3:PutObject', 's3:GetObject'] } },
  decisions: {
    table: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    openIndex: true,
    timeIndex: true,
    workflows: answersReviews,
  },
  cases: {
    table: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
    workflows: { 'case-closure': ['states:StartExecution'] },
  },
  clues: {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    openIndex: true,
    timeIndex: true,
    personalData: ['kms:Decrypt'],
    // No workflows: what is behind a public route marks a start as due, and the five-minute sweep starts it.
  },
  imports: {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  },
  notices: {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    openIndex: true,
    timeIndex: true,
    personalData: ['kms:Decrypt'],
  },
  ledger: {
    table: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:BatchWriteItem',
    ],
    openIndex: true,
  },
  evidence: {
    table: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    documents: { folder: 'evidence', actions: ['s3:PutObject', 's3:GetObject'] },
  },
  reports: {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem'],
    openIndex: true,
    personalData: ['kms:Decrypt'],
  },
  quality: {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    openIndex: true,
  },
  policies: {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    openIndex: true,
    personalData: ['kms:Decrypt'],
    // A whole processor: a district's roster is held against its register within one request.
    memory: 1769,
  },
  'claim-reports': {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    openIndex: true,
    personalData: ['kms:Decrypt'],
  },
  'claim-documents': {
    table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    documents: { folder: 'claims', actions: ['s3:PutObject', 's3:GetObject'] },
  },
  claims: {
    table: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    ],
    workflows: { 'claim-settlement': ['states:StartExecution', 'states:SendTaskSuccess'] },
  },
  payouts: {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    personalData: ['kms:Decrypt'],
  },
  'payout-confirmations': {
    events: true,
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  },
  'watch-list': {
    table: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:BatchWriteItem',
    ],
  },
  'open-round': {
    table: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    timeout: Duration.minutes(14),
  },
  'await-early-seal': { table: ['dynamodb:UpdateItem'] },
  'check-coverage': { table: ['dynamodb:GetItem', 'dynamodb:Query'] },
  'remind-villages': { events: true, table: ['dynamodb:Query', 'dynamodb:UpdateItem'], timeout: Duration.minutes(2) },
  'seal-villages': {
    table: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:PartiQLUpdate'],
    timeout: Duration.minutes(4),
  },
  'judge-and-seal': {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    timeout: Duration.minutes(14),
  },
  'start-admissions': {
    table: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ],
    workflows: { 'case-admission': ['states:StartExecution'] },
    timeout: Duration.minutes(4),
  },
  'publish-brief': {
    events: true,
    signsBriefs: true,
    table: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:BatchWriteItem',
    ],
    openIndex: true,
    timeout: Duration.minutes(14),
    memory: 1769,
  },
  'check-quality': {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    timeout: Duration.minutes(4),
  },
  'what-stands-next': { table: ['dynamodb:GetItem'] },
  'await-decision': { table: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], workflows: answersReviews },
  'watch-clock': { events: true, table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'] },
  'publish-notice': { table: ['dynamodb:GetItem', 'dynamodb:PutItem'] },
  'conclude-notice': { table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'] },
  'claim-next': { table: ['dynamodb:GetItem'] },
  'check-cover': {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  },
  'adjudicate-claim': {
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem'],
  },
  'close-claim': { table: ['dynamodb:GetItem', 'dynamodb:PutItem'] },
  'await-claim-step': {
    table: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    workflows: { 'claim-settlement': ['states:SendTaskSuccess'] },
  },
  'watch-claim': { events: true, table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'] },
  'deliver-decisions': {
    table: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ],
    openIndex: true,
    workflows: {
      'case-admission': ['states:StartExecution', 'states:SendTaskSuccess'],
      'case-closure': ['states:StartExecution', 'states:SendTaskSuccess'],
      'claim-settlement': ['states:StartExecution', 'states:SendTaskSuccess'],
    },
    metrics: true,
    timeout: Duration.minutes(4),
  },
  'close-day': {
    table: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:BatchWriteItem',
    ],
    openIndex: true,
    timeout: Duration.minutes(14),
    memory: 1769,
  },
  'root-audit': {
    table: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
    writesAuditRoots: true,
    timeout: Duration.minutes(14),
  },
  'watch-district': {
    events: true,
    table: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
    openIndex: true,
    metrics: true,
    timeout: Duration.minutes(2),
  },
};
