//! Making a sample with `ffmpeg`: a slow play of colours with the time in it, and a quiet chord.

use super::{CHAPTERS, Container, FRAME_RATE, HEIGHT, Language, WIDTH, subtitles_srt};
use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::process::Stdio;
use tokio::process::Command;

/// Makes the sample and puts it at `path` in one step.
pub(super) async fn video(folder: &Path, container: Container, path: &Path) -> io::Result<()> {
    let work = folder.join(format!(".making-{}", uuid::Uuid::new_v4().simple()));
    tokio::fs::create_dir_all(&work).await?;
    let made = run(&work, container).await;
    let placed = match made {
        Ok(()) => tokio::fs::rename(work.join(output(container)), path).await,
        Err(error) => Err(error),
    };
    let _ = tokio::fs::remove_dir_all(&work).await;
    placed
}

/// Cuts a sample into a folder of segments and puts that at `place` in one step. Picture and sound are copied.
pub(super) async fn segments(folder: &Path, sample: &Path, playlist: &str, place: &Path) -> io::Result<()> {
    let work = folder.join(format!(".cutting-{}", uuid::Uuid::new_v4().simple()));
    tokio::fs::create_dir_all(&work).await?;
    let mut command = Command::new("ffmpeg");
    command.current_dir(&work).args(["-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-i"]);
    command.arg(std::path::absolute(sample)?).args(words("-map 0:v:0 -map 0:a:0 -c copy -f hls"));
    command
        .args(words("-hls_time 3 -hls_playlist_type vod -hls_segment_filename segment%03d.ts"))
        .arg(playlist);
    let made = done(&mut command).await;
    // Who was faster has made the same.
    let placed = match made {
        Ok(()) => tokio::fs::rename(&work, place)
            .await
            .or_else(|error| if place.join(playlist).exists() { Ok(()) } else { Err(error) }),
        Err(error) => Err(error),
    };
    let _ = tokio::fs::remove_dir_all(&work).await;
    placed
}

fn output(container: Container) -> String {
    format!("sample.{}", container.extension())
}

async fn run(work: &Path, container: Container) -> io::Result<()> {
    for language in [Language::English, Language::German] {
        let text = subtitles_srt(container, language);
        tokio::fs::write(work.join(format!("{}.srt", language.code())), text).await?;
    }
    tokio::fs::write(work.join("chapters.txt"), chapters()).await?;
    let mut command = Command::new("ffmpeg");
    command.current_dir(work).args(["-hide_banner", "-nostdin", "-loglevel", "error", "-y"]);
    command.args(inputs(container)).args(outputs(container)).arg(output(container));
    done(&mut command).await
}

/// Runs `ffmpeg`, and fails with its words.
async fn done(command: &mut Command) -> io::Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let done = command.output().await.map_err(|error| {
        io::Error::new(error.kind(), format!("ffmpeg is needed to make the sample videos: {error}"))
    })?;
    if done.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&done.stderr).trim().to_owned();
    Err(io::Error::other(format!("ffmpeg could not make the sample video: {words}")))
}

fn inputs(container: Container) -> Vec<String> {
    let seconds = container.length().as_secs();
    let chord = |low: u32, high: u32| {
        format!(
            "aevalsrc=0.06*sin(2*PI*{low}*t)+0.04*sin(2*PI*{high}*t)*(0.6+0.4*sin(2*PI*0.25*t)):s=48000:d={seconds}"
        )
    };
    let colours = match container {
        Container::Mp4 => "c0=0x1b3a57:c1=0x2a6f77:c2=0xe8b04b:c3=0x0d1b2a",
        Container::Matroska => "c0=0x3d1e4f:c1=0xb5446e:c2=0xf2a65a:c3=0x1d1233",
        Container::Flac => {
            return vec!["-f".to_owned(), "lavfi".to_owned(), "-i".to_owned(), chord(262, 392)];
        }
    };
    let picture = format!(
        "gradients=size={WIDTH}x{HEIGHT}:rate={FRAME_RATE}:duration={seconds}:nb_colors=4:{colours}:x0=40:y0=0:x1=600:y1=360:speed=0.015:seed=7"
    );
    let mut inputs = vec!["-f".to_owned(), "lavfi".to_owned(), "-i".to_owned(), picture];
    let sounds = match container {
        Container::Mp4 => vec![chord(220, 330)],
        Container::Matroska => vec![chord(220, 330), chord(196, 294)],
        Container::Flac => Vec::new(),
    };
    for sound in sounds {
        inputs.extend(["-f".to_owned(), "lavfi".to_owned(), "-i".to_owned(), sound]);
    }
    if container == Container::Matroska {
        for file in ["eng.srt", "deu.srt", "chapters.txt"] {
            inputs.extend(["-i".to_owned(), file.to_owned()]);
        }
    }
    inputs
}

fn outputs(container: Container) -> Vec<String> {
    if container == Container::Flac {
        return words("-map 0:a -c:a flac -ac 2").collect();
    }
    let time = "drawtext=text='%{pts\\:hms}':font=Inter:fontsize=44:fontcolor=white@0.85:x=(w-tw)/2:y=h-90,format=yuv420p";
    let mut arguments = words("-map 0:v -map 1:a -vf").chain([time.to_owned()]).collect::<Vec<_>>();
    // Short groups of pictures, so that seeking is exact enough for tests.
    arguments
        .extend(words("-c:v libx264 -preset veryfast -crf 26 -g 24 -profile:v high -c:a aac -b:a 64k -ac 2"));
    arguments.extend(words("-metadata:s:a:0 language=eng -disposition:a:0 default"));
    match container {
        Container::Flac => {}
        Container::Mp4 => arguments.extend(words("-movflags +faststart")),
        Container::Matroska => {
            arguments.extend(words("-map 2:a -map 3:s -map 4:s -map_metadata 5 -map_chapters 5 -c:s srt"));
            arguments.extend(words("-metadata:s:a:1 language=deu -disposition:a:1 0"));
            arguments.extend(words("-metadata:s:s:0 language=eng -metadata:s:s:1 language=deu"));
            arguments.extend(words("-disposition:s:0 0 -disposition:s:1 0"));
        }
    }
    arguments
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(' ').map(str::to_owned)
}

/// Chapters in ffmpeg's own format.
fn chapters() -> String {
    let mut text = String::from(";FFMETADATA1\n");
    for (title, start, end) in CHAPTERS {
        let (start, end) = (start.as_millis(), end.as_millis());
        let _ = write!(text, "[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={end}\ntitle={title}\n");
    }
    text
}
