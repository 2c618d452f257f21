import { CfnParameter } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * One district at one stage: `-c cell=440904-prod`. It is in the names of stacks, functions and machines, so that several stand in one account and
 * nothing given at deployment can rename, and so replace, what is running.
 */
export interface Cell {
  district: string;
  stage: string;
}

/** @throws Error when the context is no cell */
export function cellOf(context: unknown): Cell | undefined {
  if (context === undefined) return undefined;
  const [, district, stage] = /^(\d{6})-([a-z][a-z0-9-]{0,15})$/.exec(String(context)) ?? [];
  if (district === undefined || stage === undefined)
    throw new Error(`The cell "${context}" is not a district and a stage, such as 440904-prod.`);
  return { district, stage };
}

/** A stack's name. Without a cell it is the template that runs on one machine, and that tests read. */
export function stackName(part: string, cell: Cell | undefined): string {
  return cell === undefined ? `Shouwang-${part}` : `Shouwang-${cell.district}-${cell.stage}-${part}`;
}

/** What names the resources of a stack: fixed where there is a cell, a parameter on one machine. */
export function stageOf(scope: Construct, cell: Cell | undefined): string {
  return new CfnParameter(scope, 'Stage', {
    description: 'Names this deployment; it is the cell, and changing it would replace everything',
    ...fixed(cell === undefined ? undefined : `${cell.district}-${cell.stage}`, 'prod', '^[a-z][a-z0-9-]{0,15}$'),
  }).valueAsString;
}

/** The one district a deployment serves. */
export function districtOf(scope: Construct, cell: Cell | undefined): string {
  return new CfnParameter(scope, 'DistrictCode', {
    description: 'Six-digit division code of the district',
    ...fixed(cell?.district, undefined, '^[0-9]{6}$'),
  }).valueAsString;
}

function fixed(value: string | undefined, otherwise: string | undefined, allowedPattern: string) {
  if (value !== undefined) return { default: value, allowedValues: [value] };
  return otherwise === undefined ? { allowedPattern } : { default: otherwise, allowedPattern };
}
