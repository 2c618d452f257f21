import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { StartError } from '../errors.ts';

const manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z.record(z.string(), z.unknown()).optional(),
      dependencies: z.array(z.string()).optional(),
    }),
  ),
});
const stackProperties = z.object({ templateFile: z.string(), stackName: z.string().optional() });
const assemblyProperties = z.object({ directoryName: z.string() });

const assets = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string(), packaging: z.string() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

const resource = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
  DependsOn: z.unknown().optional(),
  // What follows speaks to CloudFormation about replacing and removing; a local stack is made once and its folder kept.
  Metadata: z.unknown().optional(),
  DeletionPolicy: z.unknown().optional(),
  UpdateReplacePolicy: z.unknown().optional(),
  // Of an alias: by what shares it goes over. Here it goes over at once.
  UpdatePolicy: z.strictObject({ CodeDeployLambdaAliasUpdate: z.unknown() }).optional(),
});

const parameter = z.looseObject({
  Type: z.string(),
  Default: z.union([z.string(), z.number()]).optional(),
  AllowedPattern: z.string().optional(),
  AllowedValues: z.array(z.union([z.string(), z.number()])).optional(),
  MinLength: z.coerce.number().optional(),
  MaxLength: z.coerce.number().optional(),
  MinValue: z.coerce.number().optional(),
  MaxValue: z.coerce.number().optional(),
  ConstraintDescription: z.string().optional(),
});

const template = z.strictObject({
  AWSTemplateFormatVersion: z.string().optional(),
  Description: z.string().optional(),
  Metadata: z.unknown().optional(),
  Parameters: z.record(z.string(), parameter).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  // Rules judge the account that deploys (CDK's checks the version of its bootstrap stack); there is none here.
  Rules: z.unknown().optional(),
  Resources: z.record(z.string(), resource).default({}),
  Outputs: z
    .record(
      z.string(),
      z.looseObject({
        Value: z.unknown(),
        Export: z.object({ Name: z.unknown() }).optional(),
        Condition: z.string().optional(),
      }),
    )
    .default({}),
});

export type Parameter = z.output<typeof parameter>;
export type Template = z.output<typeof template>;

/** One stack of the assembly as synthesis wrote it, nothing resolved yet. */
export interface StackSource {
  name: string;
  template: Template;
  /** Asset folders by the key under which deployment would upload them. */
  assets: ReadonlyMap<string, string>;
}

/**
 * The stacks of a cloud assembly, each after those it depends on.
 * @throws StartError when the folder holds no assembly, or a stack uses a section of the template that is not run
 */
export function readAssembly(folder: string): StackSource[] {
  const { artifacts } = read(join(folder, 'manifest.json'), manifest, 'Synthesize the app first.');
  const order: string[] = [];
  const visit = (id: string): void => {
    const artifact = artifacts[id];
    if (artifact === undefined || order.includes(id)) return;
    for (const dependency of artifact.dependencies ?? []) visit(dependency);
    order.push(id);
  };
  for (const id of Object.keys(artifacts).sort()) visit(id);
  return order.flatMap((id) => {
    const artifact = artifacts[id];
    if (artifact?.type === 'cdk:cloud-assembly')
      return readAssembly(join(folder, assemblyProperties.parse(artifact.properties).directoryName));
    if (artifact?.type !== 'aws:cloudformation:stack') return [];
    const properties = stackProperties.parse(artifact.properties);
    return [readStack(folder, properties.stackName ?? id, properties.templateFile)];
  });
}

function readStack(folder: string, name: string, templateFile: string): StackSource {
  const files = new Map<string, string>();
  const assetFile = join(folder, templateFile.replace(/\.template\.json$/, '.assets.json'));
  if (existsSync(assetFile)) {
    for (const { source, destinations } of Object.values(read(assetFile, assets, '').files)) {
      for (const { objectKey } of Object.values(destinations)) files.set(objectKey, join(folder, source.path));
    }
  }
  return {
    name,
    template: read(join(folder, templateFile), template, `It is the template of stack ${name}.`),
    assets: files,
  };
}

function read<T>(file: string, schema: z.ZodType<T>, hint: string): T {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new StartError(`${file} cannot be read (${error instanceof Error ? error.message : String(error)}). ${hint}`);
  }
  const result = schema.safeParse(value);
  if (!result.success)
    throw new StartError(`${file} is not what local can run. ${hint}\n${z.prettifyError(result.error)}`);
  return result.data;
}
