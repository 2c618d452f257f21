import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { AwsError, StartError } from '../errors.ts';
import type { Faults } from '../gateway/faults.ts';
import type { Meter } from '../gateway/meter.ts';
import type { Turns } from '../gateway/turns.ts';
import type { Functions } from '../lambda/functions.ts';
import type { Environment } from '../template/kind.ts';
import * as kinds from '../template/kinds-http.ts';
import type { Model } from '../template/model.ts';
import { Authorizer, type Claims } from './authorizer.ts';
import { eventOf, type Reply, replyOf } from './event.ts';
import { type Match, Router } from './router.ts';
import { Throttle } from './throttle.ts';

/** An HTTP API refuses larger requests itself. */
export const LARGEST_BODY = 10 * 1024 * 1024;

interface Route {
  key: string;
  function: string;
  timeoutMs: number;
  authorizer: Authorizer | undefined;
  scopes: readonly string[];
  throttle: Throttle | undefined;
}

type Cors = NonNullable<ReturnType<typeof kinds.api.properties.parse>['CorsConfiguration']>;

interface Parts {
  model: Model;
  functions: Functions;
  clock: Clock;
  meter: Meter;
  faults: Faults;
  log: (line: string) => void;
  turns: Turns | undefined;
}

/** The HTTP API of the template: finds the route, asks the authorizer, invokes the function. */
export class HttpApi {
  readonly #parts: Parts;
  readonly #apiId: string;
  readonly #stage: string;
  readonly #stageVariables: Record<string, string> | undefined;
  readonly #cors: Cors | undefined;
  readonly #router: Router<Route>;
  readonly #environment: Environment;

  /** @throws StartError when the template has several APIs or stages, for there is one address, or a reference leads nowhere */
  constructor(parts: Parts) {
    const { model } = parts;
    this.#parts = parts;
    this.#environment = model.environment;
    const [api, other] = model.all(kinds.api);
    const [stage, otherStage] = model.all(kinds.stage);
    const second = other ?? otherStage;
    if (second !== undefined)
      throw new StartError(
        `Resource ${second.id}: a second HTTP API or stage is not run locally; there is one address.`,
      );
    this.#apiId = api?.ref ?? '';
    this.#cors = api?.properties.CorsConfiguration;
    this.#stage = stage?.ref ?? '$default';
    this.#stageVariables = stage?.properties.StageVariables;
    const integrations = new Map(
      model.all(kinds.integration).map((each) => [`integrations/${each.ref}`, each.properties]),
    );
    const authorizers = new Map(
      model
        .all(kinds.authorizer)
        .map(({ ref, properties: { JwtConfiguration } }) => [
          ref,
          new Authorizer({ issuer: JwtConfiguration.Issuer, audience: JwtConfiguration.Audience, clock: parts.clock }),
        ]),
    );
    const usual = stage?.properties.DefaultRouteSettings;
    this.#router = new Router(
      model.all(kinds.route).map(({ id, properties }) => {
        const integration = integrations.get(properties.Target);
        const authorizer = properties.AuthorizerId === undefined ? undefined : authorizers.get(properties.AuthorizerId);
        if (integration === undefined)
          throw new StartError(`Route ${id}: its integration ${properties.Target} is not in the template.`);
        if (properties.AuthorizationType === 'JWT' && authorizer === undefined)
          throw new StartError(`Route ${id}: its authorizer is not in the template.`);
        const limits = { ...usual, ...stage?.properties.RouteSettings[properties.RouteKey] };
        const target: Route = {
          key: properties.RouteKey,
          function: functionArn(integration.IntegrationUri),
          timeoutMs: integration.TimeoutInMillis,
          authorizer: properties.AuthorizationType === 'JWT' ? authorizer : undefined,
          scopes: properties.AuthorizationScopes,
          // As on AWS a limit that is not given is the account's, which one machine does not reach.
          throttle:
            limits.ThrottlingRateLimit === undefined
              ? undefined
              : new Throttle(limits.ThrottlingRateLimit, limits.ThrottlingBurstLimit ?? limits.ThrottlingRateLimit),
        };
        return { key: properties.RouteKey, target };
      }),
    );
  }

  /** Answers a request. The body is what arrived, or undefined when it was over the limit and not read. */
  async answer(request: IncomingMessage, response: ServerResponse, body: Buffer | undefined): Promise<void> {
    const end = this.#parts.turns?.busy();
    const reply = await this.#parts.clock.work(this.#reply(request, body, end)).finally(end);
    this.#parts.meter.httpRequest();
    // Where the template answers browsers, what a function says to them is not passed on.
    const isOwn = (name: string): boolean => this.#cors !== undefined && name.startsWith('access-control-');
    response.writeHead(reply.status, {
      ...Object.fromEntries(Object.entries(reply.headers).filter(([name]) => !isOwn(name))),
      ...this.#corsHeaders(request),
      'content-length': reply.body.length,
      'apigw-requestid': randomUUID(),
    });
    response.end(request.method === 'HEAD' ? undefined : reply.body);
  }

  async #reply(request: IncomingMessage, body: Buffer | undefined, arrived: (() => void) | undefined): Promise<Reply> {
    const [rawPath = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s, 2);
    const method = request.method ?? 'GET';
    if (
      this.#cors !== undefined &&
      method === 'OPTIONS' &&
      request.headers.origin !== undefined &&
      request.headers['access-control-request-method'] !== undefined
    ) {
      return { status: 204, headers: {}, body: Buffer.alloc(0) };
    }
    if (body === undefined) return message(413, 'Request Entity Too Large');
    const path = decoded(rawPath);
    if (path === undefined) return message(400, 'Bad Request');
    const match = this.#match(method, path);
    if (match === undefined) return message(404, 'Not Found');
    const { target: route } = match;
    if (route.throttle?.take() === false) return message(429, 'Too Many Requests');
    let claims: Claims | undefined;
    if (route.authorizer !== undefined) {
      const verdict = await route.authorizer.judge(request.headers.authorization, route.scopes);
      if ('status' in verdict) {
        const reply = message(verdict.status, verdict.status === 401 ? 'Unauthorized' : 'Forbidden');
        const challenge =
          verdict.reason === ''
            ? 'Bearer'
            : `Bearer scope="" error="invalid_token" error_description="${verdict.reason.replace(/["\r\n]/g, "'")}"`;
        return { ...reply, headers: { ...reply.headers, 'www-authenticate': challenge } };
      }
      claims = verdict;
    }
    const event = eventOf({
      request,
      path,
      query,
      body,
      claims,
      routeKey: route.key,
      parameters: match.parameters,
      now: this.#parts.clock.now(),
      stage: this.#stage,
      stageVariables: this.#stageVariables,
      apiId: this.#apiId,
      accountId: this.#environment.accountId,
      requestId: randomUUID(),
    });
    return this.#integrate(route, JSON.stringify(event), arrived);
  }

  #match(method: string, path: string): Match<Route> | undefined {
    if (this.#stage === '$default') return this.#router.match(method, path);
    const prefix = `/${this.#stage}`;
    return path === prefix || path.startsWith(`${prefix}/`)
      ? this.#router.match(method, path.slice(prefix.length) || '/')
      : undefined;
  }

  /** @param arrived tells that the request waits for its turn from now on */
  async #integrate(route: Route, event: string, arrived: (() => void) | undefined): Promise<Reply> {
    const { functions, faults, log, turns } = this.#parts;
    const [method = '*', path = ''] = route.key === '$default' ? ['*', '/$default'] : route.key.split(' ', 2);
    const { partition, region, accountId } = this.#environment;
    const source = `arn:${partition}:execute-api:${region}:${accountId}:${this.#apiId}/${this.#stage}/${method}${path}`;
    if (!functions.permits(route.function, 'apigateway.amazonaws.com', source)) {
      log(`${route.key}: no permission of the template lets the HTTP API invoke ${route.function} (${source}).`);
      return message(500, 'Internal Server Error');
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), route.timeoutMs);
    });
    const invoke = (): ReturnType<Functions['invoke']> =>
      faults.through('apigateway', 'lambda', 'Invoke', () => functions.invoke(route.function, event));
    try {
      const invoked = turns === undefined ? invoke() : turns.take(undefined, true, invoke);
      arrived?.();
      const outcome = await Promise.race([late, invoked]);
      if (outcome === undefined) return message(503, 'Service Unavailable');
      if (outcome.failed) {
        log(`${route.key}: ${route.function} failed: ${outcome.payload.slice(0, 500)}`);
        return message(500, 'Internal Server Error');
      }
      return replyOf(outcome.payload) ?? message(500, 'Internal Server Error');
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.code === 'RequestTooLargeException') return message(413, 'Request Entity Too Large');
      return error.code === 'TooManyRequestsException'
        ? message(503, 'Service Unavailable')
        : message(500, 'Internal Server Error');
    } finally {
      clearTimeout(timer);
    }
  }

  #corsHeaders({ headers, method }: IncomingMessage): Record<string, string> {
    const cors = this.#cors;
    const { origin } = headers;
    if (cors === undefined || origin === undefined) return {};
    const allowed = cors.AllowOrigins.find(
      (each) =>
        each === '*' ||
        new RegExp(`^${each.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(origin),
    );
    if (allowed === undefined) return {};
    const preflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
    return {
      'access-control-allow-origin': allowed === '*' && !cors.AllowCredentials ? '*' : origin,
      vary: 'origin',
      ...(cors.AllowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
      ...(cors.ExposeHeaders.length > 0 ? { 'access-control-expose-headers': cors.ExposeHeaders.join(',') } : {}),
      ...(preflight
        ? {
            'access-control-allow-methods': cors.AllowMethods.join(','),
            'access-control-allow-headers': cors.AllowHeaders.join(','),
          }
        : {}),
      ...(preflight && cors.MaxAge !== undefined ? { 'access-control-max-age': String(cors.MaxAge) } : {}),
    };
  }
}

/** The function's ARN, which CDK gives bare or inside API Gateway's own. */
function functionArn(uri: string): string {
  return /(arn:[^:]+:lambda:[^/]+)(\/invocations)?$/.exec(uri)?.[1] ?? uri;
}

function message(status: number, text: string): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ message: text })),
  };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
