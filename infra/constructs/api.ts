import { CfnCondition, Fn, Validations } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnRoute,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { routes } from '../../functions/api/routes.ts';
import { functionNameOf } from '../functions.ts';
import type { Issuer } from '../issuer.ts';
import { answerNist } from '../nist.ts';
import { keptLog } from './kept-log.ts';

interface ApiProps {
  stage: string;
  issuer: Issuer;
  /** Days for which the log of requests is kept. */
  retention: number;
  /** `on` or `off`: whether routes without a token are there. */
  publicRoutes: string;
  functions: (name: string) => IFunction;
}

/** Who asked what when, and what came of it; never a path or query as sent, nor an address. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    time: AccessLogField.contextRequestTime(),
    requestId: AccessLogField.contextRequestId(),
    route: AccessLogField.contextRouteKey(),
    status: AccessLogField.contextStatus(),
    caller: AccessLogField.contextAuthorizerClaims('sub'),
    milliseconds: AccessLogField.contextResponseLatency(),
  }),
);

/** The HTTP API, made from the one table of routes. Tokens of any OIDC issuer are checked before a function is called. */
export class Api extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'HttpApi', { apiName: `shouwang-${props.stage}`, createDefaultStage: false });
    const accessLog = keptLog(this, 'AccessLog', { retention: props.retention });
    answerNist(accessLog, ['CloudWatchLogGroupEncrypted']);
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      // A whole district submits in ten days; a morning's rush of 400 villages is 50 requests a second.
      throttle: { rateLimit: 500, burstLimit: 1000 },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLogFormat },
    });
    const authorizer = new HttpJwtAuthorizer('Jwt', props.issuer.url, { jwtAudience: [props.issuer.audience] });
    const open = new CfnCondition(this, 'HasPublicRoutes', {
      expression: Fn.conditionEquals(props.publicRoutes, 'on'),
    });
    const integrations = new Map<string, HttpLambdaIntegration>();
    for (const route of Object.values(routes)) {
      const name = functionNameOf(route);
      const integration =
        integrations.get(name) ??
        new HttpLambdaIntegration(name, props.functions(name), {
          // One permission for a function instead of one for each of its routes: a stack may have 500 resources.
          scopePermissionToRoute: false,
        });
      integrations.set(name, integration);
      const made = this.api.addRoutes({
        path: route.path,
        methods: [HttpMethod[route.method]],
        integration,
        authorizer: route.roles === 'public' ? new HttpNoneAuthorizer() : authorizer,
      });
      if (route.roles === 'public') {
        for (const one of made) {
          const { defaultChild } = one.node;
          if (defaultChild instanceof CfnRoute) defaultChild.cfnOptions.condition = open;
          Validations.of(one).acknowledge({
            id: 'AwsSolutions-APIG4',
            reason: `${route.method} ${route.path} is public by design: it holds no personal data.`,
          });
        }
      }
    }
  }
}
