// harness/gbench/gbench.cc: a C shim over Google Benchmark; the only C++ here.
#include "harness/gbench/gbench.h"

#include <benchmark/benchmark.h>

#include <cstring>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace
{

benchmark::State *state_of(void *state) { return static_cast<benchmark::State *>(state); }

int64_t grant(void *state)
{
    benchmark::State *s = state_of(state);
    return s->KeepRunningBatch(s->max_iterations) ? s->max_iterations : 0;
}

int64_t arg(const void *state, int i) { return static_cast<const benchmark::State *>(state)->range(static_cast<size_t>(i)); }
void items(void *state, int64_t n) { state_of(state)->SetItemsProcessed(n); }
void counter(void *state, const char *name, double value) { state_of(state)->counters[name] = value; }
void skip(void *state, const char *why)
{
    if (!state_of(state)->error_occurred()) state_of(state)->SkipWithError(why);
}

const cc_loop_backend backend = {grant, arg, items, counter, skip};

void run_body(benchmark::State &state, void (*body)(cc_loop *), bool fitted)
{
    if (fitted) state.SetComplexityN(state.range(0));
    cc_loop_call(&backend, &state, body);
    if (!state.error_occurred() && state.iterations() < state.max_iterations)
        state.SkipWithError("the body returned before its loop ended");
}

bool complexity_of(const char *name, benchmark::BigO *order)
{
    static const std::map<std::string, benchmark::BigO> known = {
        {"1", benchmark::o1},      {"N", benchmark::oN},        {"N^2", benchmark::oNSquared}, {"N^3", benchmark::oNCubed},
        {"lgN", benchmark::oLogN}, {"NlgN", benchmark::oNLogN}, {"auto", benchmark::oAuto}};
    const auto found = known.find(name);
    if (found != known.end()) *order = found->second;
    return found != known.end();
}

// What is shown goes to the library's own reporter too; each owner's runs are kept as JSON.
class Recorder : public benchmark::BenchmarkReporter
{
  public:
    struct Record {
        std::ostringstream text;
        benchmark::JSONReporter reporter;
    };
    std::map<std::string, std::unique_ptr<Record>> records;
    bool failed = false;

    bool ReportContext(const Context &context) override
    {
        context_.reset(new Context(context));
        return shown_->ReportContext(context);
    }
    void ReportRuns(const std::vector<Run> &runs) override
    {
        shown_->ReportRuns(runs);
        if (runs.empty()) return;
        for (const Run &run : runs) failed = failed || run.error_occurred;
        const std::string name = runs.front().benchmark_name();
        record(name.substr(0, name.find('/'))).reporter.ReportRuns(runs);
    }
    void Finalize() override
    {
        shown_->Finalize();
        for (auto &item : records) item.second->reporter.Finalize();
    }

  private:
    Record &record(const std::string &owner)
    {
        std::unique_ptr<Record> &slot = records[owner];
        if (!slot) {
            slot.reset(new Record);
            slot->reporter.SetOutputStream(&slot->text);
            slot->reporter.ReportContext(*context_);
        }
        return *slot;
    }

    std::unique_ptr<benchmark::BenchmarkReporter> shown_{benchmark::CreateDefaultDisplayReporter()};
    std::unique_ptr<Context> context_;
};

} // namespace

void cc_gbench_init(int *argc, char **argv) { benchmark::Initialize(argc, argv); }

int cc_gbench_add(const char *owner, const cc_bench *bench, const cc_gbench_range *ranges, size_t n_ranges)
{
    benchmark::BigO order = benchmark::oNone;
    if (bench->complexity && !complexity_of(bench->complexity, &order)) return -1;
    const bool fitted = order != benchmark::oNone && n_ranges > 0;
    void (*body)(cc_loop *) = bench->body;
    const std::string name = std::string(owner) + "/" + bench->name;
    auto *added =
        benchmark::RegisterBenchmark(name.c_str(), [body, fitted](benchmark::State &state) { run_body(state, body, fitted); });
    std::vector<std::vector<int64_t>> values;
    for (size_t i = 0; i < n_ranges; i++) values.emplace_back(ranges[i].values, ranges[i].values + ranges[i].n);
    if (!values.empty()) added->ArgsProduct(values);
    if (fitted) added->Complexity(order);
    return 0;
}

long cc_gbench_run(cc_gbench_sink json, void *arg)
{
    Recorder recorder;
    const size_t run = benchmark::RunSpecifiedBenchmarks(&recorder);
    for (const auto &item : recorder.records) json(arg, item.first.c_str(), item.second->text.str().c_str());
    benchmark::Shutdown();
    return recorder.failed ? -1 : static_cast<long>(run);
}
