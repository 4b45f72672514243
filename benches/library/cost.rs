//! What this process has used of the processor.

use std::time::Duration;

/// Clock ticks of `/proc` in a second, on every Linux that runs the app.
const TICKS: f64 = 100.0;

/// Time on the processor, of all threads, since the process began.
pub fn cpu_time() -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the program is in brackets and may hold anything.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks =
        |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok()).unwrap_or(f64::NAN);
    Ok(Duration::from_secs_f64((ticks(11) + ticks(12)) / TICKS))
}
