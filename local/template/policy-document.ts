import * as z from 'zod';

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);

/** Condition keys whose value is known here at every call; a policy that asks for another cannot be judged and stops the start. */
const KEYS = [
  /^aws:(PrincipalArn|PrincipalAccount|SourceAccount|SourceArn|RequestedRegion|ResourceAccount|SecureTransport|username|userid)$/i,
  /^dynamodb:LeadingKeys$/i,
  /^kms:(ViaService|CallerAccount|EncryptionContextKeys|EncryptionContext:.+|KeySpec|KeyUsage|ResourceAliases|GrantIsForAWSResource|GrantOperations)$/i,
  /^states:StateMachineQualifier$/i,
  /^s3:(prefix|delimiter|max-keys|authType|TlsVersion|if-none-match|x-amz-server-side-encryption|x-amz-server-side-encryption-aws-kms-key-id)$/i,
  /^cloudwatch:namespace$/i,
  /^sts:ExternalId$/i,
];
const OPERATOR =
  /^(ForAllValues:|ForAnyValue:)?(StringEquals|StringNotEquals|StringEqualsIgnoreCase|StringNotEqualsIgnoreCase|StringLike|StringNotLike|ArnEquals|ArnLike|ArnNotEquals|ArnNotLike|Bool|Null|Numeric(?:Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals))(IfExists)?$/;

const condition = z.record(
  z.string().regex(OPERATOR, 'is a condition operator that is not judged locally'),
  z.record(
    z.string().refine((key) => KEYS.some((known) => known.test(key)), 'is a condition key that is not known locally'),
    z.union([
      z.string().transform((text) => [text]),
      z.union([z.boolean(), z.number()]).transform((value) => [String(value)]),
      z.array(z.coerce.string()),
    ]),
  ),
);

const principal = z.union([
  z.literal('*').transform(() => ({ AWS: ['*'] })),
  z.partialRecord(z.enum(['AWS', 'Service', 'Federated', 'CanonicalUser']), texts),
]);

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Principal: principal.optional(),
    Condition: condition.optional(),
  })
  .refine((value) => (value.Action === undefined) !== (value.NotAction === undefined), 'needs Action or NotAction');

/** An IAM policy, lists where AWS also takes a single text. */
export const policyDocument = z.strictObject({
  Version: z.literal('2012-10-17').optional(),
  Id: z.string().optional(),
  Statement: z.union([statement.transform((one) => [one]), z.array(statement)]),
});

export type Statement = z.output<typeof statement>;
