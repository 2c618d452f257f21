import { CfnParameter } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Whose tokens are taken, and made for whom. */
export interface Issuer {
  /** URL of the OIDC issuer. */
  url: string;
  audience: string;
}

/** Service and console ask for it, each for itself: CloudFormation refuses another value of an export that a second stack has imported. */
export function issuerOf(scope: Construct): Issuer {
  const url = new CfnParameter(scope, 'Issuer', {
    description: 'URL of the OIDC issuer whose tokens are accepted; the same for service and console',
    // Plain http is for one machine.
    allowedPattern: '^(https://[^\\s]+|http://(127\\.0\\.0\\.1|localhost)(:[0-9]+)?(/[^\\s]*)?)$',
    constraintDescription: 'must begin with https://',
  }).valueAsString;
  const audience = new CfnParameter(scope, 'Audience', {
    description: 'Audience the tokens must be made for; the same for service and console',
    default: 'shouwang',
  }).valueAsString;
  return { url, audience };
}
