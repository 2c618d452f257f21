import * as z from 'zod';
import { problemDetails } from '../contracts/http.ts';
import { problems } from '../contracts/problems.ts';
import { importRow } from '../contracts/registry/household.ts';
import { visit } from '../contracts/screening/visit.ts';
import type { Route } from '../runtime/http.ts';

/** Rows that are parsed one by one are `unknown` in their envelope; here they are told as what they must be. */
const rowSchemas: Record<string, { field: string; schema: z.ZodType }> = {
  importHouseholds: { field: 'rows', schema: importRow },
  submitVisits: { field: 'visits', schema: visit },
};

/** OpenAPI 3.1 of the routes, made from the schemas that check the requests. */
export function openApiDocument(routes: Record<string, Route>) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [operationId, route] of Object.entries(routes)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(operationId, route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: '守望 Shouwang', version: '1', description: '防止返贫动态监测与帮扶系统接口' },
    paths,
    components: {
      securitySchemes: { jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: jsonSchema(problemDetails) },
    },
    'x-problem-codes': Object.fromEntries(
      Object.entries(problems).map(([code, [status, sentence]]) => [code, { status, sentence }]),
    ),
  };
}

function operation(operationId: string, route: Route) {
  const parameters = [...parametersIn('path', route.params), ...parametersIn('query', route.query)];
  const rows = rowSchemas[operationId];
  return {
    operationId,
    summary: route.summary,
    'x-roles': route.roles,
    ...(route.roles === 'public' ? {} : { security: [{ jwt: [] }] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBody(route, rows),
    responses: {
      '2XX': { description: '成功', content: answered(route) },
      default: {
        description: '未成功，见 code',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function requestBody({ body, takes }: Route, rows: { field: string; schema: z.ZodType } | undefined) {
  if (takes !== undefined) return { requestBody: { required: true, content: files(takes) } };
  if (body === undefined) return {};
  return {
    requestBody: { required: true, content: { 'application/json': { schema: withRows(jsonSchema(body), rows) } } },
  };
}

/** A route that only gives files tells no shape of an answer. */
function answered({ answers, gives = [] }: Route) {
  const schema = jsonSchema(answers);
  const isTold = gives.length === 0 || Object.keys(schema).length > 0;
  return { ...(isTold ? { 'application/json': { schema } } : {}), ...files(gives) };
}

/** Files as OpenAPI 3.1 tells them: the content type, and no schema, because the body is its bytes. */
function files(types: readonly string[]): Record<string, object> {
  return Object.fromEntries(types.map((type) => [type, {}]));
}

type JsonSchema = Record<string, unknown>;

function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

function withRows(body: JsonSchema, rows: { field: string; schema: z.ZodType } | undefined): JsonSchema {
  if (rows === undefined) return body;
  const properties: JsonSchema = Object(body['properties']);
  return {
    ...body,
    properties: { ...properties, [rows.field]: { ...Object(properties[rows.field]), items: jsonSchema(rows.schema) } },
  };
}

function parametersIn(place: 'path' | 'query', schema: z.ZodType | undefined) {
  if (schema === undefined) return [];
  const { properties, required } = jsonSchema(schema);
  const needed: unknown[] = Array.isArray(required) ? required : [];
  return Object.entries<unknown>(Object(properties)).map(([name, of]) => ({
    name,
    in: place,
    required: place === 'path' || needed.includes(name),
    schema: of,
  }));
}
