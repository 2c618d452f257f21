import { Metrics } from '@aws-lambda-powertools/metrics';

/** What alarms and the dashboard watch beside AWS's own metrics: numbers only, written into the log in CloudWatch's embedded format. */
export const metrics = new Metrics();
