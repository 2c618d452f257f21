import { AwsError } from '../errors.ts';

/** An error as S3 answers it: its XML holds more than code and message. */
export class StorageError extends AwsError {
  /** Further elements of the XML, such as `Key`. */
  readonly details: Readonly<Record<string, string>>;

  constructor(code: string, message: string, statusCode = 400, details: Readonly<Record<string, string>> = {}) {
    super(code, message, statusCode);
    this.details = details;
  }
}

/** Something of S3 that does not run here, by name. */
export function notImplemented(what: string): StorageError {
  return new StorageError('NotImplemented', `${what} does not run locally.`, 501);
}

/** How S3 refuses without a word on the reason. */
export function denied(message = 'Access Denied', details: Readonly<Record<string, string>> = {}): StorageError {
  return new StorageError('AccessDenied', message, 403, details);
}
