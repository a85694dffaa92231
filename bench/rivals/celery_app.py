"""The same jobs for Celery. As a program: celery_app.py TASK COUNT enqueues them."""
import os
import sys
import time

from celery import Celery

app = Celery("bench", broker=os.environ["BENCH_REDIS_URL"])
app.conf.task_ignore_result = True


@app.task(name="noop")
def noop():
    return None


@app.task(name="cpu")
def cpu():
    end = time.process_time() + 0.01
    while time.process_time() < end:
        pass


if __name__ == "__main__":
    task = {"noop": noop, "cpu": cpu}[sys.argv[1]]
    for _ in range(int(sys.argv[2])):
        task.delay()
