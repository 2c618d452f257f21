import { ask } from './ask.ts';
import { byId, options } from './page.ts';

interface Divisions {
  district: { name: string };
  towns: { code: string; name: string; villages: { code: string; name: string }[] }[];
}

/**
 * Town and village to choose from, begun with the village of the address that a QR code holds. Nothing is remembered on the phone.
 * @param onChoose told of each choice; of an empty village while another town is chosen and none of its villages yet
 */
export async function chooseVillage(onChoose: (village: string, name: string) => void): Promise<void> {
  const town = byId('town', HTMLSelectElement);
  const village = byId('village', HTMLSelectElement);
  const { towns } = await ask<Divisions>('listVillages');
  options(
    town,
    towns.map(({ code, name }) => [code, name]),
  );
  const fill = () => {
    while (village.options.length > 1) village.remove(1);
    const found = towns.find(({ code }) => code === town.value);
    options(village, found?.villages.map(({ code, name }) => [code, name]) ?? []);
    village.disabled = found === undefined;
  };
  const tell = () => {
    const name = `${town.selectedOptions[0]?.text ?? ''}${village.selectedOptions[0]?.text ?? ''}`;
    if (village.value !== '') onChoose(village.value, name);
  };
  town.addEventListener('change', () => {
    fill();
    onChoose('', '');
  });
  village.addEventListener('change', tell);
  const asked = new URLSearchParams(location.search).get('village') ?? '';
  town.value = towns.some(({ code }) => code === asked.slice(0, 9)) ? asked.slice(0, 9) : '';
  fill();
  if (town.value === '') return;
  village.value = asked;
  if (village.value === '') village.selectedIndex = 0;
  tell();
}
