// Gives the server under test two dated documents beside its seeds: English and Sorani, with an uncertain name.
const url = process.env.MAHWAR_URL;
const token = process.env.MAHWAR_TOKEN;

const DOCUMENTS = [
  {
    lang: 'en',
    published: '2022-03-14',
    source_url: 'https://wire.example.org/2022/03/14',
    text: 'A convoy was attacked near Tuz Khurmatu on Monday, police in Kirkuk said.\n"Three people were killed in Daquq", the mayor said. Some families fled from Rashad to Al-Hawija.',
  },
  {
    lang: 'ckb',
    published: '2022-08-02',
    source_url: 'https://heval.example.org/2022/08/02',
    text: 'پۆلیس ڕایگەیاند لە هەولێر و سلێمانی و چەمچەماڵ و ڕانیە کۆبوونەوە کرا.\nلە قەزای مەخموور ٣ کەس کوژران.',
  },
];

if (token) {
  for (const { text, ...meta } of DOCUMENTS) {
    const response = await fetch(`${url}/documents`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ text, ...meta }),
    });
    if (![200, 201].includes(response.status)) {
      console.error(`POST /documents: ${response.status} ${await response.text()}`);
      process.exit(1);
    }
  }
}
