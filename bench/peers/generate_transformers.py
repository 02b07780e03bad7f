"""Sampling with Transformers' `generate`, one thread: the same work as bench/generation.ts. Waits for a batch size on a line
of its standard input, generates once, and prints the seconds it took; so that both take turns.

    generate_transformers.py   prints {"version"} first, then a number a line
"""

import json
import os
import sys
import time

# As many threads as there are cores it may run on.
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import torch
import transformers

PROMPT, NEW = 16, 100

torch.set_num_threads(1)
torch.manual_seed(0)
transformers.logging.set_verbosity_error()
config = transformers.GPT2Config(
    vocab_size=65, n_positions=128, n_embd=128, n_layer=4, n_head=4, bos_token_id=None, eos_token_id=None,
    attn_pdrop=0.0, embd_pdrop=0.0, resid_pdrop=0.0,
)
model = transformers.GPT2LMHeadModel(config).eval()
print(json.dumps({"version": f"Transformers {transformers.__version__}, PyTorch {torch.__version__}"}), flush=True)
for line in sys.stdin:
    prompts = torch.randint(0, 65, (int(line), PROMPT))
    begin = time.perf_counter()
    with torch.inference_mode():
        out = model.generate(
            prompts, attention_mask=torch.ones_like(prompts), do_sample=True, top_k=0, max_new_tokens=NEW,
            min_new_tokens=NEW, pad_token_id=0, use_cache=True,
        )
    seconds = time.perf_counter() - begin
    assert out.shape == (int(line), PROMPT + NEW)
    print(seconds, flush=True)
