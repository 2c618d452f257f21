/**
 * An error as an AWS service answers it. The gateway turns it into the wire form
 * (`{"__type": code, "message": …}` with `statusCode`); the interpreter turns it into an error name.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly statusCode: number;

  constructor(code: string, message: string, statusCode = 400) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.statusCode = statusCode;
  }
}

/** The stack cannot start, and a person must do something about it. The message is printed without a stack trace. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
