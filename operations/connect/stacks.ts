import * as z from 'zod';
import { aws } from './aws.ts';

const described = z.object({
  Stacks: z.array(
    z.object({
      StackStatus: z.string(),
      Outputs: z.array(z.object({ OutputKey: z.string(), OutputValue: z.string() })).default([]),
      Parameters: z.array(z.object({ ParameterKey: z.string(), ParameterValue: z.string().default('') })).default([]),
    }),
  ),
});

/** One of a cell's stacks, as CloudFormation tells of it. */
export interface DeployedStack {
  status: string;
  /** By the names they have in `infra/`, without what CDK adds. */
  outputs: ReadonlyMap<string, string>;
  /** What it was deployed with; a secret one reads `****`. */
  parameters: ReadonlyMap<string, string>;
}

/** @returns undefined when it is not deployed, or the credentials do not see it */
export function stackOf(cell: string, part: string): DeployedStack | undefined {
  const answer = aws('cloudformation', 'describe-stacks', '--stack-name', `Shouwang-${cell}-${part}`);
  const [stack] = described.safeParse(answer).data?.Stacks ?? [];
  if (stack === undefined) return undefined;
  return {
    status: stack.StackStatus,
    outputs: new Map(
      stack.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey.replace(/[A-F0-9]{8}$/, ''), OutputValue]),
    ),
    parameters: new Map(stack.Parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue])),
  };
}
