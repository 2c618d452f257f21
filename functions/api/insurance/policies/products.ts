import type { Product } from '../../../contracts/insurance/product.ts';
import { Problem } from '../../../contracts/problems.ts';
import { adjudicate } from '../../../domain/insurance/adjudicate.ts';
import { arithmeticSentences } from '../../../domain/insurance/claim-labels.ts';
import { config } from '../../../runtime/config.ts';
import type { Operation } from '../../../runtime/http.ts';
import { contentIdOf } from '../../../store/ids.ts';
import { listProducts as list, putProduct, readProduct } from '../../../store/insurance/policies.ts';
import { ConditionFailed } from '../../../store/table.ts';
import { proposeOnce } from '../../proposals.ts';
import type { productRoutes } from '../../routes/insurance.ts';

export const listProducts: Operation<typeof productRoutes.listProducts> = async () => ({
  status: 200,
  body: { items: await list(config.district()) },
});

/** Proposed terms are named by their hash: the same terms again are the same proposal. */
export const proposeProduct: Operation<typeof productRoutes.proposeProduct> = async ({ caller, body, now }) => {
  const district = config.district();
  const id = contentIdOf('product', body, 12);
  const product: Product = {
    ...body,
    id,
    state: 'proposed',
    proposedBy: caller.sub,
    proposedAt: new Date(now).toISOString(),
  };
  return await proposeOnce(
    product,
    (one) => putProduct(district, one),
    () => readProduct(district, id),
  );
};

export const approveProduct: Operation<typeof productRoutes.approveProduct> = async ({ caller, params, now }) => {
  const district = config.district();
  const found = await readProduct(district, params.id);
  if (found === undefined) throw new Problem('product-unknown');
  if (found.proposedBy === caller.sub) throw new Problem('product-own-proposal');
  if (found.state === 'approved') {
    if (found.approvedBy !== caller.sub) throw new Problem('product-already-approved');
    return { status: 200, body: found };
  }
  const approved: Product = {
    ...found,
    state: 'approved',
    approvedBy: caller.sub,
    approvedAt: new Date(now).toISOString(),
  };
  try {
    await putProduct(district, approved);
  } catch (error) {
    if (error instanceof ConditionFailed) throw new Problem('product-already-approved');
    throw error;
  }
  return { status: 200, body: approved };
};

/** Computes a line without storing anything, of a proposed product too. */
export const tryProduct: Operation<typeof productRoutes.tryProduct> = async ({ params, body }) => {
  const product = await readProduct(config.district(), params.id);
  if (product === undefined) throw new Problem('product-unknown');
  const standing = body.standing ?? { accepted: 0, approved: 0, household: 0, limitLeft: Number.MAX_SAFE_INTEGER };
  const result = adjudicate(product, body.facts, standing);
  return { status: 200, body: { ...result, sentences: arithmeticSentences(result) } };
};
