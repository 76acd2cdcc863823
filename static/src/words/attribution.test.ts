import { expect, it } from 'vitest';
import { translated } from './attribution';

it('translates the project’s own words and leaves the titles of sources', () => {
  expect(translated('List of disputed areas: UNAMI, press release of 22 April 2009.', 'ar')).toEqual({
    own: 'قائمة المناطق المتنازع عليها:',
    rest: 'UNAMI, press release of 22 April 2009.',
  });
  expect(translated('Names and natural features: compiled by the Mahwar project.', 'ckb').rest).toBe('');
  for (const sentence of ['Made with Natural Earth.', 'A source of one’s own.']) expect(translated(sentence, 'en')).toEqual({ own: '', rest: sentence });
  expect(translated('A source of one’s own.', 'ar')).toEqual({ own: '', rest: 'A source of one’s own.' });
});
