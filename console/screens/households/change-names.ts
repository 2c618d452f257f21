import { changeNames as recorded } from '../../../functions/domain/registry/change-names.ts';

/** What officials call each kind of change, as asked for and as recorded; English is made of the same phrases as a household's story. */
export const changeNames: Readonly<Record<string, string>> = { ...recorded, merge: '并入他户', move: '区内搬迁' };
