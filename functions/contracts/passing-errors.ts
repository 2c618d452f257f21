/**
 * Names of errors that pass by themselves, as the SDK gives them once its own attempts are over. The retry policies of the workflows name them all
 * (`infra/constructs/retry-policies.ts`), and the API answers them with 503 and Retry-After: an error that is not here ends a workflow at once.
 */
export const passingErrors = [
  // Ours: of the network, of the table, of the event bus, and of the bucket.
  'NetworkFailed',
  'TableThrottled',
  'EventsNotTaken',
  'DocumentsUnavailable',
  // Whatever service it is.
  'ThrottlingException',
  'ServiceUnavailable',
  'InternalFailure',
  'TimeoutError',
  // DynamoDB.
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionInProgressException',
  // A write that met a transaction; the SDK does not try it again.
  'TransactionConflictException',
  // KMS, which is asked for the data key and for signatures.
  'KMSInternalException',
  'DependencyTimeoutException',
  'KeyUnavailableException',
  // Step Functions: as many executions run as may.
  'ExecutionLimitExceeded',
  // EventBridge.
  'InternalException',
] as const;
