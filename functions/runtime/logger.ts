import { Logger } from '@aws-lambda-powertools/logger';

/** One structured logger a function. Messages carry ids, codes and counts; never a request's body, a name or a number of a person. */
export const logger = new Logger();
