import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { answerNist } from '../nist.ts';

/** Requests from one address within five minutes: a village's whole phone network may share one. */
const FLOOD = 3000;

/**
 * A web ACL for the distribution, where the partition has one: it lives in us-east-1 whatever region the cell is in, so it is a stack of its own, made
 * with `-c guard=true`. Its ARN is given to the console stack as `WebAcl`.
 */
export class GuardStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, { ...props, env: { region: 'us-east-1' } });
    const visibility = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      // Samples hold whole requests, and those hold people's data.
      sampledRequestsEnabled: false,
    });
    const managed = (name: string, priority: number, counted: readonly string[] = []) => ({
      name,
      priority,
      overrideAction: { none: {} },
      statement: {
        managedRuleGroupStatement: {
          vendorName: 'AWS',
          name,
          // Only counted: forms and workbooks are larger than these rules expect. AWS refuses an empty list.
          ...(counted.length === 0
            ? {}
            : { ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })) }),
        },
      },
      visibilityConfig: visibility(name),
    });
    const acl = new CfnWebACL(this, 'WebAcl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('shouwang'),
      rules: [
        {
          name: 'flood',
          priority: 0,
          action: { block: { customResponse: { responseCode: 429 } } },
          statement: { rateBasedStatement: { limit: FLOOD, aggregateKeyType: 'IP' } },
          visibilityConfig: visibility('flood'),
        },
        managed('AWSManagedRulesAmazonIpReputationList', 1),
        managed('AWSManagedRulesCommonRuleSet', 2, ['SizeRestrictions_BODY', 'CrossSiteScripting_BODY']),
        managed('AWSManagedRulesKnownBadInputsRuleSet', 3),
      ],
    });
    answerNist(
      acl,
      ['WAFv2LoggingEnabled'],
      'Its log holds addresses and paths of whoever called; the API keeps who asked what, and the rules’ own metrics show what was turned away.',
    );
    new CfnOutput(this, 'WebAclArn', { value: acl.attrArn });
  }
}
