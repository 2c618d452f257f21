import { createHash } from 'node:crypto';
import * as z from 'zod';

/** Where the stack pretends to be deployed. */
export interface Environment {
  region: string;
  accountId: string;
  partition: string;
}

/** What `Ref` and `Fn::GetAtt` need to know of a resource before its properties are checked. */
export interface Identity {
  environment: Environment;
  stack: string;
  logicalId: string;
  /** The physical name: from the property that names it, or made of stack and logical id. */
  name: string;
  /** A property of the resource, resolved. */
  property: (name: string) => unknown;
}

/** A resource type that runs locally: the properties it honours, those it knows to be without effect here, and nothing else. */
export interface Kind<T> {
  type: string;
  properties: z.ZodType<T>;
  /** The property holding the physical name. */
  nameProperty?: string;
  /** AWS cuts generated names to this length. */
  longestName?: number;
  ref: (identity: Identity) => string;
  attributes: (identity: Identity) => Record<string, string>;
}

export function kind<T>(definition: Kind<T>): Kind<T> {
  return definition;
}

/** `arn:<partition>:<service>:<region>:<account>:<rest>` */
export function arn({ partition, region, accountId }: Environment, service: string, rest: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
}

/** Hexadecimal digits that are the same at every start, for ids that AWS would draw. */
export function stableId(identity: { stack: string; logicalId: string }, length: number): string {
  return createHash('sha256').update(`${identity.stack}/${identity.logicalId}`).digest('hex').slice(0, length);
}

/** A property without effect on one machine. The reason is for whoever reads the list. */
export function inert(_reason: string): z.ZodOptional<z.ZodUnknown> {
  return z.unknown().optional();
}

/** A property that is accepted only while it asks for nothing. */
export const absent = z
  .unknown()
  .optional()
  .refine((value) => value === undefined || (Array.isArray(value) && value.length === 0), 'is not run locally');

/** CloudFormation lets numbers and booleans arrive as text, as parameters always do. */
export const whole = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);
export const decimal = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);
export const flag = z.union([
  z.boolean(),
  z.literal('true').transform(() => true),
  z.literal('false').transform(() => false),
]);
export const names = z.array(z.string());
