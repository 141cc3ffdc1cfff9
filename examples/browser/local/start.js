import { serve } from './serve.js';

const server = await serve(Number(process.env.PORT ?? 8787));
console.log(`http://127.0.0.1:${server.address().port}/`);
