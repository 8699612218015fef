/*
 * A library with NVML's names and binary interface, for tests of the calls themselves: struct layouts, out parameters,
 * 64-bit values, answers. What it says is set by the standin_* functions. Written from NVML's published interface.
 */
#include <string.h>

typedef int nvmlReturn_t;
typedef struct nvmlDevice_st *nvmlDevice_t;

typedef struct {
  unsigned int pid;
  unsigned long long timeStamp;
  unsigned int smUtil, memUtil, encUtil, decUtil;
} nvmlProcessUtilizationSample_t;

typedef struct {
  unsigned int pid;
  unsigned long long usedGpuMemory;
  unsigned int gpuInstanceId, computeInstanceId;
} nvmlProcessInfo_v2_t;

enum { OK = 0, UNINITIALIZED = 1, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, NOT_FOUND = 6, INSUFFICIENT_SIZE = 7 };
enum { MAX_GPUS = 4, MAX_ROWS = 64 };

struct nvmlDevice_st {
  int index;
  unsigned long long energy;
  unsigned int power, mig;
  nvmlReturn_t energy_answer, power_answer, mig_answer, utilization_answer, processes_answer;
  nvmlProcessUtilizationSample_t samples[MAX_ROWS];
  unsigned int sample_count;
  nvmlProcessInfo_v2_t processes[MAX_ROWS];
  unsigned int process_count;
};

static struct nvmlDevice_st gpus[MAX_GPUS];
static unsigned int gpu_count;
static nvmlReturn_t init_answer;
static int started;

void standin_reset(unsigned int count) {
  memset(gpus, 0, sizeof gpus);
  for (int i = 0; i < MAX_GPUS; i++) gpus[i].index = i;
  gpu_count = count;
  init_answer = OK;
  started = 0;
}
void standin_init_answer(int answer) { init_answer = answer; }
int standin_started(void) { return started; }
void standin_energy(unsigned int gpu, unsigned long long millijoules, int answer) {
  gpus[gpu].energy = millijoules;
  gpus[gpu].energy_answer = answer;
}
void standin_power(unsigned int gpu, unsigned int milliwatts, int answer) {
  gpus[gpu].power = milliwatts;
  gpus[gpu].power_answer = answer;
}
void standin_mig(unsigned int gpu, unsigned int mode, int answer) {
  gpus[gpu].mig = mode;
  gpus[gpu].mig_answer = answer;
}
void standin_utilization_answer(unsigned int gpu, int answer) { gpus[gpu].utilization_answer = answer; }
void standin_processes_answer(unsigned int gpu, int answer) { gpus[gpu].processes_answer = answer; }
void standin_sample(unsigned int gpu, unsigned int pid, unsigned long long time, unsigned int sm) {
  struct nvmlDevice_st *d = &gpus[gpu];
  d->samples[d->sample_count++] = (nvmlProcessUtilizationSample_t){pid, time, sm, 7, 8, 9};
}
void standin_process(unsigned int gpu, unsigned int pid, unsigned long long bytes) {
  struct nvmlDevice_st *d = &gpus[gpu];
  d->processes[d->process_count++] = (nvmlProcessInfo_v2_t){pid, bytes, 0xFFFFFFFFu, 0xFFFFFFFFu};
}
void standin_no_processes(unsigned int gpu) { gpus[gpu].process_count = 0; }

nvmlReturn_t nvmlInit_v2(void) {
  if (init_answer == OK) started++;
  return init_answer;
}
nvmlReturn_t nvmlShutdown(void) {
  if (started == 0) return UNINITIALIZED;
  started--;
  return OK;
}
static nvmlReturn_t text(const char *value, char *buffer, unsigned int length) {
  if (strlen(value) >= length) return INSUFFICIENT_SIZE;
  strcpy(buffer, value);
  return OK;
}
nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length) {
  return started ? text("550.54.15", version, length) : UNINITIALIZED;
}
nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *count) {
  *count = gpu_count;
  return started ? OK : UNINITIALIZED;
}
nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device) {
  if (index >= gpu_count) return INVALID_ARGUMENT;
  *device = &gpus[index];
  return OK;
}
nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t d, char *name, unsigned int length) {
  return text(d->index == 0 ? "NVIDIA H100 80GB HBM3" : "Tesla P40", name, length);
}
nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t d, char *uuid, unsigned int length) {
  char value[] = "GPU-00000000-1111-2222-3333-44444444444_";
  value[sizeof value - 2] = (char)('0' + d->index);
  return text(value, uuid, length);
}
nvmlReturn_t nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t d, unsigned long long *energy) {
  *energy = d->energy;
  return d->energy_answer;
}
nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t d, unsigned int *power) {
  *power = d->power;
  return d->power_answer;
}
nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t d, unsigned int *current, unsigned int *pending) {
  *current = d->mig;
  *pending = 0;
  return d->mig_answer;
}
nvmlReturn_t nvmlDeviceGetProcessUtilization(nvmlDevice_t d, nvmlProcessUtilizationSample_t *buffer,
                                             unsigned int *count, unsigned long long since) {
  if (d->utilization_answer != OK) return d->utilization_answer;
  unsigned int found = 0;
  for (unsigned int i = 0; i < d->sample_count; i++) found += d->samples[i].timeStamp > since;
  if (found == 0) return NOT_FOUND;
  if (buffer == 0 || *count < found) {
    *count = found;
    return INSUFFICIENT_SIZE;
  }
  *count = 0;
  for (unsigned int i = 0; i < d->sample_count; i++)
    if (d->samples[i].timeStamp > since) buffer[(*count)++] = d->samples[i];
  return OK;
}
static nvmlReturn_t processes(nvmlDevice_t d, unsigned int *count, nvmlProcessInfo_v2_t *buffer) {
  if (d->processes_answer != OK) return d->processes_answer;
  unsigned int room = buffer == 0 ? 0 : *count;
  *count = d->process_count;
  if (d->process_count > room) return INSUFFICIENT_SIZE;
  for (unsigned int i = 0; i < d->process_count; i++) buffer[i] = d->processes[i];
  return OK;
}
#ifdef OLD_DRIVER
/* Drivers of before 450 have but the first version of the call, whose struct is shorter, and no MIG. */
nvmlReturn_t nvmlDeviceGetComputeRunningProcesses(nvmlDevice_t d, unsigned int *count, void *buffer) {
  struct { unsigned int pid; unsigned long long usedGpuMemory; } *rows = buffer;
  nvmlProcessInfo_v2_t wide[MAX_ROWS];
  unsigned int room = buffer == 0 ? 0 : *count;
  nvmlReturn_t answer = processes(d, count, room == 0 ? 0 : wide);
  if (answer != OK) return answer;
  if (*count > room) return INSUFFICIENT_SIZE;
  for (unsigned int i = 0; i < *count; i++) {
    rows[i].pid = wide[i].pid;
    rows[i].usedGpuMemory = wide[i].usedGpuMemory;
  }
  return OK;
}
#else
nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t d, unsigned int *count,
                                                     nvmlProcessInfo_v2_t *buffer) {
  return processes(d, count, buffer);
}
#endif
