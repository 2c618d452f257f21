import type { IncomingMessage, ServerResponse } from 'node:http';
import { createContext, Script } from 'node:vm';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { StartError } from '../errors.ts';
import * as edge from '../template/kinds-edge.ts';
import { api } from '../template/kinds-http.ts';
import { bucket } from '../template/kinds-storage.ts';
import type { Model } from '../template/model.ts';
import { type Deployed, deployedFiles } from './deployed.ts';

type Config = ReturnType<typeof edge.distribution.properties.parse>['DistributionConfig'];
type Behavior = Config['DefaultCacheBehavior'];
type Policy = ReturnType<typeof edge.responseHeadersPolicy.properties.parse>['ResponseHeadersPolicyConfig'];
type Origin = 'api' | ReadonlyMap<string, Deployed>;

/** What a function on the request may answer with: the request, gone on with, or a response. */
const changed = z.union([
  z.looseObject({
    statusCode: z.int(),
    headers: z.record(z.string(), z.looseObject({ value: z.string() })).default({}),
  }),
  z.looseObject({ uri: z.string(), headers: z.record(z.string(), z.looseObject({ value: z.string() })).default({}) }),
]);

/**
 * The distribution of the template: the same paths lead to the same origins, with the same headers. It answers from the files of the assembly;
 * what goes to the HTTP API is handed on.
 */
export class DistributionFront {
  readonly #config: Config | undefined;
  readonly #origins = new Map<string, Origin>();
  readonly #headers = new Map<string, readonly (readonly [string, string])[]>();
  readonly #functions = new Map<string, (event: string) => string>();
  readonly #compressed = new Map<string, Buffer>();
  /** Headers that an origin is sent beside the viewer's. */
  readonly #added = new Map<string, readonly (readonly [string, string])[]>();
  readonly #ownName: RegExp;

  /** @throws StartError when there are several distributions, or an origin that is neither a bucket nor the API of the template */
  constructor(model: Model) {
    const [distribution, second] = model.all(edge.distribution);
    if (second !== undefined)
      throw new StartError(`Resource ${second.id}: a second distribution is not run locally; there is one address.`);
    this.#config = distribution?.properties.DistributionConfig;
    const files = deployedFiles(model);
    const buckets = new Map(
      model.all(bucket).map(({ ref }) => [`${ref}.s3.${model.environment.region}.amazonaws.com`, ref]),
    );
    const hosts = new Set(
      model.all(api).map(({ ref }) => `${ref}.execute-api.${model.environment.region}.amazonaws.com`),
    );
    this.#ownName = new RegExp(
      `^(${model
        .all(api)
        .map(({ ref }) => ref)
        .join('|')})\\.execute-api\\.localhost(:\\d+)?$`,
    );
    for (const { Id, DomainName, OriginCustomHeaders } of this.#config?.Origins ?? []) {
      const named = buckets.get(DomainName);
      if (named === undefined && !hosts.has(DomainName))
        throw new StartError(
          `Resource ${distribution?.id}: its origin ${DomainName} is neither a bucket nor the HTTP API of the template.`,
        );
      this.#added.set(
        Id,
        OriginCustomHeaders.map(({ HeaderName, HeaderValue }) => [HeaderName.toLowerCase(), HeaderValue]),
      );
      this.#origins.set(Id, named === undefined ? 'api' : (files.get(named) ?? new Map()));
    }
    for (const { ref, properties } of model.all(edge.responseHeadersPolicy))
      this.#headers.set(ref, headersOf(properties.ResponseHeadersPolicyConfig));
    for (const { ref, properties } of model.all(edge.edgeFunction))
      this.#functions.set(ref, edgeFunctionOf(properties.FunctionCode));
  }

  get exists(): boolean {
    return this.#config !== undefined;
  }

  /** Answers a request, or says that the HTTP API is to: the headers of the distribution are on the answer already. */
  answer(request: IncomingMessage, response: ServerResponse): 'answered' | 'api' {
    if (this.#config === undefined) return 'api';
    // Whoever calls the API by its own name comes past the distribution.
    if (this.#ownName.test(request.headers.host ?? '')) return 'api';
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const behavior =
      this.#config.CacheBehaviors.find(({ PathPattern }) => fits(PathPattern, path)) ??
      this.#config.DefaultCacheBehavior;
    for (const [name, value] of this.#headers.get(behavior.ResponseHeadersPolicyId ?? '') ?? [])
      response.setHeader(name, value);
    if (!behavior.AllowedMethods.includes(request.method ?? 'GET')) return refuse(response, 403, 'MethodNotAllowed');
    const uri = this.#viewed(behavior, request, path, response);
    if (uri === undefined) return 'answered';
    const origin = this.#origins.get(behavior.TargetOriginId);
    if (origin !== undefined && origin !== 'api') return this.#file(origin, uri, behavior, request, response);
    for (const [name, value] of this.#added.get(behavior.TargetOriginId) ?? []) request.headers[name] = value;
    return 'api';
  }

  /** What the function on the request makes of the path; undefined when it has answered. */
  #viewed(
    { FunctionAssociations: [association] }: Behavior,
    request: IncomingMessage,
    uri: string,
    response: ServerResponse,
  ): string | undefined {
    const code = this.#functions.get(association?.FunctionARN ?? '');
    if (code === undefined) return uri;
    const event = {
      viewer: { ip: request.socket.remoteAddress ?? '127.0.0.1' },
      request: { method: request.method, uri, querystring: {}, headers: {}, cookies: {} },
    };
    const answer = changed.parse(JSON.parse(code(JSON.stringify(event))));
    if ('uri' in answer) {
      // It sees no headers of the viewer's here; those it sets are handed on.
      for (const [name, { value }] of Object.entries(answer.headers)) request.headers[name] = String(value);
      return String(answer.uri);
    }
    response.writeHead(
      Number(answer.statusCode),
      Object.fromEntries(
        Object.entries(Object(answer.headers)).map(([name, held]) => [name, String(Object(held).value)]),
      ),
    );
    response.end();
    return undefined;
  }

  #file(
    files: ReadonlyMap<string, Deployed>,
    uri: string,
    { Compress }: Behavior,
    request: IncomingMessage,
    response: ServerResponse,
  ): 'answered' {
    const key = keyOf(uri);
    const file = files.get(key);
    // As a private bucket answers a reader who may not list it.
    if (file === undefined) return refuse(response, 403, 'AccessDenied');
    const content = file.read();
    const coding =
      Compress && content.length > 1000 && /json|text|javascript|svg|manifest/.test(file.type)
        ? codingOf(request)
        : undefined;
    const body = coding === undefined ? content : this.#compress(key, content, coding);
    response.writeHead(200, {
      'content-type': file.type,
      'content-length': body.length,
      vary: 'accept-encoding',
      ...(file.cacheControl === undefined ? {} : { 'cache-control': file.cacheControl }),
      ...(coding === undefined ? {} : { 'content-encoding': coding }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
    return 'answered';
  }

  #compress(key: string, content: Buffer, coding: 'br' | 'gzip'): Buffer {
    const known = this.#compressed.get(`${coding}/${key}/${content.length}`);
    if (known !== undefined) return known;
    const body =
      coding === 'gzip'
        ? gzipSync(content)
        : brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
    this.#compressed.set(`${coding}/${key}/${content.length}`, body);
    return body;
  }
}

/**
 * A function on the request, from its code: events and answers pass as JSON. It has a context of its own, made once, since to make one takes longer than
 * most requests; all that it declares is made anew by each call, so that nothing of one viewer's request is there for the next.
 */
function edgeFunctionOf(code: string): (event: string) => string {
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  return new Script(`(event) => { ${code}\nreturn JSON.stringify(handler(JSON.parse(event))); }`).runInContext(context);
}

/** What an object is called by a path; what no name is written as is nobody's name. */
function keyOf(uri: string): string {
  try {
    return decodeURIComponent(uri).replace(/^\//, '');
  } catch {
    return '';
  }
}

function codingOf({ headers }: IncomingMessage): 'br' | 'gzip' | undefined {
  const accepted = String(headers['accept-encoding'] ?? '');
  if (/\bbr\b/.test(accepted)) return 'br';
  return /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
}

/** `*` is any number of characters and `?` one, as a distribution reads its path patterns. */
function fits(pattern: string, path: string): boolean {
  const text = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${text}$`, 's').test(path);
}

function refuse(response: ServerResponse, status: number, code: string): 'answered' {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`);
  return 'answered';
}

function headersOf({ SecurityHeadersConfig: security, CustomHeadersConfig }: Policy): (readonly [string, string])[] {
  const transport = security.StrictTransportSecurity;
  const all: (readonly [string, string | undefined])[] = [
    ['content-security-policy', security.ContentSecurityPolicy?.ContentSecurityPolicy],
    ['x-content-type-options', security.ContentTypeOptions === undefined ? undefined : 'nosniff'],
    ['x-frame-options', security.FrameOptions?.FrameOption],
    ['referrer-policy', security.ReferrerPolicy?.ReferrerPolicy],
    [
      'strict-transport-security',
      transport === undefined
        ? undefined
        : `max-age=${transport.AccessControlMaxAgeSec}${transport.IncludeSubdomains ? '; includeSubDomains' : ''}${transport.Preload ? '; preload' : ''}`,
    ],
    ...CustomHeadersConfig.Items.map(({ Header, Value }) => [Header, Value] as const),
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}
