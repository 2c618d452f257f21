import * as z from 'zod';
import { criteria } from './criteria.ts';

export const criteriaList = z.object({ items: z.array(criteria) });

export const criteriaParams = z.strictObject({ id: criteria.shape.id });
